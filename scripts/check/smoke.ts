/** The smoke: the smoke cases of all suites on the smallest variant, for `npm run check`. */

import { defaultSeed, plan } from "../../harness/run/plan.ts";
import { run } from "../../harness/run/run.ts";
import { caseStages } from "../../harness/run/stages/cases.ts";
import { quickVariants } from "../../harness/variant/list.ts";
import { suites } from "../../suites/index.ts";
import type { Invocation } from "../command/invocation.ts";
import { linesTo } from "../command/lines.ts";
import { machineCores } from "../command/machine.ts";
import { isFailure } from "../progress/tally.ts";
import { builtArtifacts, projectContext } from "../subject/run-context.ts";
import { selectEngines, subjectOf } from "../subject/select.ts";

export interface SmokeResult {
  readonly ok: boolean;
  /** What failed, for a person. */
  readonly output: string;
}

/** Builds the variant if need be; nothing is taken from the cache of outcomes. Writes no report. */
export async function smoke(invocation: Invocation): Promise<SmokeResult> {
  const smokeCases = new Set(
    suites.flatMap(({ cases }) => cases.flatMap(({ id, tier }) => (tier === "smoke" ? [id] : []))),
  );
  const failures: string[] = [];
  let passed = 0;
  const progress = linesTo(invocation.stderr);
  const { artifactOf } = await builtArtifacts({ invocation, force: false, progress });
  const chosen = plan({
    tier: "standard",
    subjects: quickVariants().slice(0, 1).map(subjectOf),
    engines: ["node"],
    suites,
    only: (place) => smokeCases.has(place.case),
  });
  await run(caseStages(chosen), {
    ...projectContext(invocation),
    plan: chosen,
    engines: await selectEngines(["node"], invocation),
    artifactOf,
    force: true,
    seed: defaultSeed,
    jobs: machineCores(),
    onRecord: (record) => {
      if (record.kind === "build" && record.state === "failed") failures.push(record.message ?? "");
      if (record.kind !== "outcome") return;
      if (record.state === "pass") passed += 1;
      if (isFailure(record.state)) failures.push(`${record.repro}\n${record.message ?? ""}`);
    },
    onLine: () => undefined,
    onEvent: () => undefined,
  });
  if (passed === 0) failures.push("no smoke case passed: a smoke of nothing shows nothing");
  return { ok: failures.length === 0, output: failures.join("\n") };
}
