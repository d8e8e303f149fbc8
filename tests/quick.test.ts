/** Every case of the quick variants, one describe block per variant: what `npm test` shows. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OutcomeRecord } from "../harness/record/record.ts";
import { defaultSeed, plan } from "../harness/run/plan.ts";
import { run } from "../harness/run/run.ts";
import { caseStages } from "../harness/run/stages/cases.ts";
import { quickVariants } from "../harness/variant/list.ts";
import { projectInvocation } from "../scripts/command/invocation.fixture.ts";
import { machineCores } from "../scripts/command/machine.ts";
import { builtArtifacts, projectContext } from "../scripts/subject/run-context.ts";
import { selectEngines, subjectOf } from "../scripts/subject/select.ts";
import { suites } from "../suites/index.ts";

const matrix = plan({
  tier: "quick",
  subjects: quickVariants().map(subjectOf),
  engines: ["node"],
  suites,
});
const outcomes = new Map<string, OutcomeRecord>();
const buildFailures = new Map<string, string>();
const stop = new AbortController();

beforeAll(async () => {
  const invocation = projectInvocation(stop.signal);
  const progress = (): void => undefined;
  const { artifactOf } = await builtArtifacts({ invocation, force: false, progress });
  await run(caseStages(matrix), {
    ...projectContext(invocation),
    plan: matrix,
    engines: await selectEngines(["node"], invocation),
    artifactOf,
    force: true,
    seed: defaultSeed,
    jobs: machineCores(),
    onRecord: (record) => {
      if (record.kind === "outcome") outcomes.set(`${record.variant}/${record.case}`, record);
      if (record.kind === "build" && record.state === "failed") {
        buildFailures.set(record.variant, record.message ?? "");
      }
    },
    onLine: () => undefined,
    onEvent: () => undefined,
  });
});
afterAll(() => stop.abort());

for (const { id: variant } of matrix.subjects) {
  describe(variant, () => {
    test("builds", () => expect(buildFailures.get(variant)).toBeUndefined());
    for (const cell of matrix.cells.filter(({ subject }) => subject === variant)) {
      for (const each of cell.cases) {
        test(`${each.id}: ${each.title}`, (context) => {
          const outcome = outcomes.get(`${variant}/${each.id}`);
          if (outcome?.state === "skipped" || outcome?.state === "unsupported") {
            context.skip(outcome.message);
          }
          expect(`${outcome?.state}: ${outcome?.message ?? ""}`).toBe("pass: ");
        });
      }
    }
  });
}
