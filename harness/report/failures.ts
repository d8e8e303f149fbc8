/** Failures and skips: what went wrong and how to repeat it; what gave no verdict, and why. */
import type { BuildRecord } from "../record/record.ts";
import type { Failure, ReportOutcome, Skip } from "./schema.ts";

const failureStates = ["build", "crash", "timeout", "fail"] as const;
const skipStates = ["not-run", "unsupported", "skipped"] as const;

/** Failed builds first, then cases by how bad they are; within a state as the records come. */
export function failuresOf({
  builds,
  outcomes,
}: {
  readonly builds: readonly BuildRecord[];
  readonly outcomes: readonly ReportOutcome[];
}): Failure[] {
  const ofBuilds = builds
    .filter((build) => build.state === "failed")
    .map(
      ({ variant, message, repro }): Failure => ({
        ...{ state: "build", variant, repro },
        message: message ?? "the build failed without a message",
      }),
    );
  const ofCases = outcomes.flatMap((outcome): Failure[] => {
    const { state, variant, engine, suite, title, repro = "" } = outcome;
    if (state !== "crash" && state !== "timeout" && state !== "fail") return [];
    const message = outcome.message ?? `${state} without a message`;
    return [{ state, variant, engine, suite, case: outcome.case, title, message, repro }];
  });
  return [...ofBuilds, ...ofCases].toSorted(
    (a, b) => failureStates.indexOf(a.state) - failureStates.indexOf(b.state),
  );
}

/** Failures that say the same of the same case, together. */
export interface FailureGroup {
  readonly first: Failure;
  readonly all: readonly Failure[];
}

/** One problem seen on 48 variants is one thing to read: groups by state, case and message. */
export function groupFailures(failures: readonly Failure[]): readonly FailureGroup[] {
  const groups = Map.groupBy(failures, ({ state, case: id, message }) =>
    JSON.stringify([state, id, message]),
  );
  return [...groups.values()].flatMap((all) => {
    const first = all[0];
    return first === undefined ? [] : [{ first, all }];
  });
}

/** Outcomes without a verdict, together by state, engine and reason. */
export function skipsOf(outcomes: readonly ReportOutcome[]): Skip[] {
  return skipStates.flatMap((state) => {
    const ofState = outcomes.filter((outcome) => outcome.state === state);
    const groups = Map.groupBy(ofState, ({ engine, message }) => JSON.stringify([engine, message]));
    return [...groups.values()].flatMap((group): Skip[] => {
      const first = group[0];
      if (first === undefined) return [];
      return [
        {
          state,
          engine: first.engine,
          reason: first.message ?? "no reason was recorded",
          cases: [...new Set(group.map((outcome) => outcome.case))],
          variants: [...new Set(group.map((outcome) => outcome.variant))],
          outcomesCount: group.length,
        },
      ];
    });
  });
}
