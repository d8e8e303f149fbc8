/** Runs the cases of some suites on one variant until one fails: how a mutant is judged. */

import { defaultSeed, plan } from "../../harness/run/plan.ts";
import { run } from "../../harness/run/run.ts";
import { caseStages } from "../../harness/run/stages/cases.ts";
import { variantById } from "../../harness/variant/list.ts";
import { suites } from "../../suites/index.ts";
import type { Invocation } from "../command/invocation.ts";
import { runAsProcess } from "../command/process.ts";
import { UsageError } from "../command/usage.ts";
import { isFailure } from "../progress/tally.ts";
import { builtArtifacts, projectContext } from "../subject/run-context.ts";
import { selectEngines, subjectOf } from "../subject/select.ts";

const exit = { passed: 0, buildFailed: 3, caseFailed: 5 } as const;

/** The variant, then the names of suites. Prints what failed; cheap suites come first. */
async function firstFailure(invocation: Invocation): Promise<number> {
  const [id = "", ...names] = invocation.arguments;
  const variant = variantById(id);
  if (variant === undefined) throw new UsageError(`there is no variant "${id}"`);
  const failed = new AbortController();
  let code: number = exit.passed;
  const stopWith = (reason: number, output: string): void => {
    if (code !== exit.passed) return;
    code = reason;
    invocation.stdout.write(`${output}\n`);
    failed.abort();
  };
  const { artifactOf } = await builtArtifacts({ invocation, force: false, progress: () => {} });
  const chosen = plan({
    tier: "standard",
    subjects: [subjectOf(variant)],
    engines: ["node"],
    suites: names.flatMap((name) => suites.filter((suite) => suite.name === name)),
  });
  await run(caseStages(chosen), {
    ...projectContext(invocation),
    signal: AbortSignal.any([invocation.signal, failed.signal]),
    plan: chosen,
    engines: await selectEngines(["node"], invocation),
    artifactOf,
    force: true,
    seed: defaultSeed,
    jobs: 1,
    onRecord: (record) => {
      if (record.kind === "build" && record.state === "failed") {
        stopWith(exit.buildFailed, `build failed: ${record.message ?? ""}`);
      }
      if (record.kind === "outcome" && isFailure(record.state)) {
        stopWith(exit.caseFailed, `${record.case}: ${record.message ?? ""}`);
      }
    },
    onLine: () => undefined,
    onEvent: () => undefined,
  });
  return code;
}

await runAsProcess(firstFailure);
