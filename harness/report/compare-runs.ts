/** Two saved runs side by side: which cases are not what they were. */
import type { OutcomeRecord, ResultRecord, RunRecord } from "../record/record.ts";
import { type CellState, cellStates, type ReportOutcome } from "./schema.ts";
import type { RunComparison } from "./schema-figures.ts";
import { sameMachine } from "./time-change.ts";

const broken: readonly CellState[] = ["crash", "timeout", "fail", "missing", "not-run"];

/** undefined when the earlier records hold no run. */
export function compareRuns({
  before,
  run,
  outcomes,
}: {
  readonly before: readonly ResultRecord[];
  readonly run: RunRecord;
  readonly outcomes: readonly ReportOutcome[];
}): RunComparison | undefined {
  const earlier = before.findLast((record) => record.kind === "run");
  if (earlier === undefined) return undefined;
  const known = new Map(
    before
      .filter((record): record is OutcomeRecord => record.kind === "outcome")
      .map((outcome) => [keyOf(outcome), outcome]),
  );
  const both = outcomes.flatMap((now) => {
    const then = known.get(keyOf(now));
    return then === undefined ? [] : [{ now, then }];
  });
  const changed = both
    .filter(({ now, then }) => now.state !== then.state)
    .map(({ now, then }) => ({
      ...{ variant: now.variant, engine: now.engine, case: now.case },
      ...{ before: then.state, now: now.state, turn: turnOf(then.state, now.state) },
    }))
    .toSorted((a, b) => cellStates.indexOf(a.now) - cellStates.indexOf(b.now));
  const count = (turn: RunComparison["changed"][number]["turn"]) =>
    changed.filter((one) => one.turn === turn).length;
  const { startedAt, command, revision, fingerprint } = earlier;
  return {
    before: {
      ...{ startedAt, command, sameMachine: sameMachine(fingerprint, run.fingerprint) },
      ...(revision === undefined ? {} : { revision }),
    },
    ...{ changed, brokeCount: count("broke"), mendedCount: count("mended") },
    sameCount: both.length - changed.length,
    onlyBeforeCount: known.size - both.length,
    onlyNowCount: outcomes.length - both.length,
  };
}

function turnOf(before: CellState, now: CellState): RunComparison["changed"][number]["turn"] {
  if (broken.includes(now)) return broken.includes(before) ? "other" : "broke";
  return broken.includes(before) ? "mended" : "other";
}

function keyOf({
  variant,
  engine,
  case: id,
}: Pick<OutcomeRecord, "variant" | "engine" | "case">): string {
  return JSON.stringify([variant, engine, id]);
}
