/** `npm run matrix -- repro ID`: one case or cell again, not from the cache, with all it says. */
import { resolve } from "node:path";
import { engineNames } from "../../harness/engine/engines.ts";
import type { OutcomeRecord, ResultRecord } from "../../harness/record/record.ts";
import { type PlannedSubject, plan } from "../../harness/run/plan.ts";
import { run } from "../../harness/run/run.ts";
import { caseStages } from "../../harness/run/stages/cases.ts";
import type { Suite } from "../../harness/suite/suite.ts";
import { allVariants, quickVariants, variantById } from "../../harness/variant/list.ts";
import { suites } from "../../suites/index.ts";
import type { Invocation } from "../command/invocation.ts";
import { linesTo } from "../command/lines.ts";
import { UsageError, unknownName } from "../command/usage.ts";
import { isFailure } from "../progress/tally.ts";
import { duration } from "../progress/words.ts";
import { builtArtifacts, fileArtifact, projectContext } from "../subject/run-context.ts";
import { fileSubject, selectEngines, subjectOf } from "../subject/select.ts";
import type { MatrixCommand } from "./command-line.ts";

type ReproCommand = Extract<MatrixCommand, { readonly kind: "repro" }>;

/** Exit code 3 when the build fails, 5 when a case does, else 0. Writes no reports. */
export async function repro(command: ReproCommand, invocation: Invocation): Promise<number> {
  const { subject, engine, suite, caseId } = placeOf(command);
  const { stdout, stderr, signal } = invocation;
  const progress = linesTo(stderr);
  const engines = await selectEngines([engine], invocation);
  const source =
    command.wasm === undefined
      ? await builtArtifacts({ invocation, force: false, progress })
      : { artifactOf: await fileArtifact(resolve(invocation.root, command.wasm)) };
  const records: ResultRecord[] = [];
  const chosen = plan({
    tier: "full",
    subjects: [subject],
    engines: [engine],
    suites: [suite],
    ...(caseId === undefined ? {} : { only: (place) => place.case === caseId }),
  });
  await run(caseStages(chosen), {
    ...projectContext(invocation),
    plan: chosen,
    engines,
    artifactOf: source.artifactOf,
    partners: command.wasm === undefined ? quickVariants().map(subjectOf) : [],
    force: true,
    seed: command.seed,
    jobs: 1,
    onRecord: (record) => void records.push(record),
    onLine: () => undefined,
    onEvent: (event) => {
      if (event.kind === "build-step") progress(`build ${event.subject}: ${event.step}`);
      if (event.kind === "outcome") stdout.write(outcomeText(event.record));
    },
  });
  if (signal.aborted) return 130;
  return exitCodeOf(records, stdout);
}

interface ReproPlace {
  readonly subject: PlannedSubject;
  readonly engine: string;
  readonly suite: Suite;
  readonly caseId: string | undefined;
}

/** Throws UsageError naming the part that is wrong, and what there is in its place. */
function placeOf({ id, wasm }: ReproCommand): ReproPlace {
  const [variantId = "", engine = "", suiteName = "", caseName, ...rest] = id.split("/");
  if (suiteName === "" || rest.length > 0) {
    throw new UsageError(`"${id}" is not variant/engine/suite or variant/engine/suite/case`);
  }
  const variant = variantById(variantId);
  if (variant === undefined && wasm === undefined) {
    const known = allVariants().map((each) => each.id);
    throw unknownName({ what: "variant", given: variantId, known });
  }
  if (!engineNames.includes(engine)) {
    throw unknownName({ what: "engine", given: engine, known: engineNames });
  }
  const suite = suites.find(({ name }) => name === suiteName);
  if (suite === undefined) {
    const known = suites.map(({ name }) => name);
    throw unknownName({ what: "suite", given: suiteName, known });
  }
  const caseId = caseName === undefined ? undefined : `${suiteName}/${caseName}`;
  if (caseId !== undefined && !suite.cases.some((each) => each.id === caseId)) {
    const known = suite.cases.map((each) => each.id.slice(suiteName.length + 1));
    throw unknownName({ what: `case of ${suiteName}`, given: caseName ?? "", known });
  }
  const subject =
    wasm === undefined && variant !== undefined
      ? subjectOf(variant)
      : fileSubject(wasm ?? variantId);
  return { subject, engine, suite, caseId };
}

function outcomeText({ state, case: caseId, title, durationMs, message }: OutcomeRecord): string {
  const took = durationMs === undefined ? "" : ` (${duration(durationMs)})`;
  const detail = message === undefined ? "" : `\n  ${message.replaceAll("\n", "\n  ")}`;
  return `${state} ${caseId}: ${title}${took}${detail}\n`;
}

function exitCodeOf(records: readonly ResultRecord[], stdout: Invocation["stdout"]): number {
  for (const record of records) {
    if (record.kind !== "build" || record.state !== "failed") continue;
    stdout.write(`the build of ${record.variant} failed:\n${record.message ?? ""}\n`);
    return 3;
  }
  return records.some((record) => record.kind === "outcome" && isFailure(record.state)) ? 5 : 0;
}
