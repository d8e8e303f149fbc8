/** `npm run matrix`: plan, set-up, the stages, the report, and the exit code of it all. */
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { resolve } from "node:path";
import type { Tools } from "../../harness/build/provision/provision.ts";
import { npmRun } from "../../harness/build/shell-word.ts";
import { openJournal } from "../../harness/record/journal.ts";
import {
  type ResultRecord,
  type RunRecord,
  recordSchemaVersion,
} from "../../harness/record/record.ts";
import type { ProbedEngine, RunContext } from "../../harness/run/context.ts";
import type { Cell, Plan } from "../../harness/run/plan.ts";
import { run, type Stage } from "../../harness/run/run.ts";
import { buildStage } from "../../harness/run/stages/build.ts";
import { inspectStage } from "../../harness/run/stages/inspect.ts";
import { testStage } from "../../harness/run/stages/test.ts";
import { excludedVariants, quickVariants } from "../../harness/variant/list.ts";
import { suites } from "../../suites/index.ts";
import type { Invocation } from "../command/invocation.ts";
import {
  machineCores,
  machineFingerprint,
  packageVersion,
  revisionOf,
} from "../command/machine.ts";
import { projectPaths } from "../command/paths.ts";
import { openDisplay } from "../progress/open-display.ts";
import { totalsOf } from "../progress/tally.ts";
import { builtArtifacts, fileArtifact, projectContext } from "../subject/run-context.ts";
import { selectEngines, subjectOf } from "../subject/select.ts";
import type { RunOptions, Stage as StageName } from "./command-line.ts";
import { conclude, readComparison } from "./conclude.ts";
import { costStageOf } from "./cost-stage.ts";
import { FailureFolder } from "./failure-folder.ts";
import { lastRecords } from "./last-records.ts";
import { planText } from "./plan-text.ts";
import { selectPlan } from "./select-plan.ts";
import { timesStageOf } from "./times-stage.ts";

/** Runs what the options ask for; the exit code. Throws UsageError, ProvisionError. */
export async function runMatrix(options: RunOptions, invocation: Invocation): Promise<number> {
  const paths = projectPaths(invocation.root);
  if (options.stages.size === 1 && options.stages.has("report")) {
    const comparison = readComparison(options, invocation);
    const records = lastRecords(paths.records);
    return await conclude({ options, invocation, comparison, records });
  }
  const plan = selectPlan({
    options,
    suites,
    ...(options.failed ? { lastRecords: lastRecords(paths.records) } : {}),
  });
  const engines = await selectEngines(options.engines, invocation);
  if (options.plan) {
    invocation.stdout.write(planText(plan, engines));
    return 0;
  }
  if (plan.subjects.length === 0) {
    const why = options.failed
      ? "no case of a suite failed in the last run (costs and times: --stage cost, --stage bench)"
      : "no variant falls into this shard";
    invocation.stdout.write(`Nothing to run: ${why}.\n`);
    return 0;
  }
  const comparison = readComparison(options, invocation);
  const records = await runPlan({ plan, engines, options, invocation });
  return await conclude({ options, invocation, comparison, records });
}

interface PlanRun {
  readonly plan: Plan;
  readonly engines: ReadonlyMap<string, ProbedEngine>;
  readonly options: RunOptions;
  readonly invocation: Invocation;
}

/** Sets up, runs the plan, returns its records, which are in reports/latest/records.jsonl too. */
async function runPlan({
  plan,
  engines,
  options,
  invocation,
}: PlanRun): Promise<readonly ResultRecord[]> {
  const startedAt = invocation.now();
  const begunMs = invocation.nowMs();
  const display = openDisplay(invocation, totalsOf(plan));
  try {
    const source = await artifactSource(options, invocation, display.line);
    const { root, signal } = invocation;
    const { wasm } = options;
    const { records: path, previousRecords, latest, failures } = projectPaths(root);
    mkdirSync(latest, { recursive: true });
    // The run before stays readable whatever becomes of this one.
    if (existsSync(path)) renameSync(path, previousRecords);
    using journal = openJournal(path);
    const failureFolder = new FailureFolder(
      failures,
      wasm === undefined ? wasm : resolve(root, wasm),
    );
    const records: ResultRecord[] = [];
    const onRecord = (record: ResultRecord): void => {
      journal.append(record);
      failureFolder.take(record);
      records.push(record);
    };
    const stages = await stagesOf({ plan, engines, options, invocation }, source.toolchain);
    const { tools } = source;
    const onLine = display.line;
    const cells = stages.flatMap((stage) => stage.cells);
    onRecord(await runRecord({ plan, cells, options, invocation, startedAt, tools, onLine }));
    const context: RunContext = {
      ...projectContext(invocation),
      plan,
      engines,
      artifactOf: failureFolder.watched(source.artifactOf),
      partners: options.wasm === undefined ? quickVariants().map(subjectOf) : [],
      force: options.force,
      seed: options.seed,
      jobs: options.jobs ?? machineCores(),
      onRecord,
      onEvent: display.onEvent,
      onLine,
    };
    await run(stages, context);
    const durationMs = invocation.nowMs() - begunMs;
    onRecord({
      kind: "end",
      finishedAt: invocation.now().toISOString(),
      interrupted: signal.aborted,
      durationMs,
      ownMs: Math.max(0, durationMs - context.busy.busyMs),
    });
    return records;
  } finally {
    display.close();
  }
}

/** What is asked for, in the order of the flow; all need what is built. */
async function stagesOf(
  { plan, options, invocation }: PlanRun,
  toolchain: Tools | undefined,
): Promise<readonly Stage[]> {
  const { subjects, cells } = plan;
  const { seed } = options;
  const asked = async (name: StageName, make: () => Stage | Promise<Stage>) =>
    options.stages.has(name) ? [await make()] : [];
  return [
    buildStage(subjects),
    ...(await asked("inspect", () => inspectStage(subjects))),
    ...(await asked("test", () => testStage(cells))),
    ...(await asked("cost", () => costStageOf(subjects, invocation))),
    ...(await asked("bench", () => timesStageOf(subjects, { seed, tools: toolchain, invocation }))),
  ];
}

interface ArtifactsAndTools extends Pick<RunContext, "artifactOf">, Pick<RunRecord, "tools"> {
  /** Absent where nothing is built. */
  readonly toolchain: Tools | undefined;
}

async function artifactSource(
  { wasm, force, stages }: RunOptions,
  invocation: Invocation,
  progress: (line: string) => void,
): Promise<ArtifactsAndTools> {
  const { root } = invocation;
  if (wasm !== undefined) {
    const artifactOf = await fileArtifact(resolve(root, wasm));
    return { artifactOf, tools: {}, toolchain: undefined };
  }
  // Who names other stages alone asks for no build: what is there is taken.
  const isForced = force && stages.has("build");
  const { artifactOf, tools } = await builtArtifacts({ invocation, force: isForced, progress });
  const [binaryen, wabt] = await Promise.all([
    packageVersion({ root, name: "binaryen" }),
    packageVersion({ root, name: "wabt" }),
  ]);
  return {
    artifactOf,
    toolchain: tools,
    tools: {
      zig: tools.zigVersion,
      lua: tools.luaVersion,
      ...(binaryen === undefined ? {} : { binaryen }),
      ...(wabt === undefined ? {} : { wabt }),
    },
  };
}

async function runRecord(asked: {
  readonly plan: Plan;
  readonly cells: readonly Cell[];
  readonly options: RunOptions;
  readonly invocation: Invocation;
  readonly startedAt: Date;
  readonly tools: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
}): Promise<RunRecord> {
  const { plan, cells, options, invocation, startedAt, tools, onLine } = asked;
  const revision = await revisionOf(invocation.root, onLine);
  return {
    kind: "run",
    schema: recordSchemaVersion,
    startedAt: startedAt.toISOString(),
    command: npmRun("matrix", invocation.arguments),
    seed: options.seed,
    tier: plan.tier,
    engines: [...plan.engines],
    ...(revision === undefined ? {} : { revision }),
    tools: { ...tools },
    fingerprint: machineFingerprint(invocation.nodeVersion),
    planned: plannedCells(cells),
    excluded: excludedVariants().map(({ variant, reason }) => ({ variant: variant.id, reason })),
  };
}

/** Cells with the same cases together: 144 cells are three lines, not 144. */
function plannedCells(cells: readonly Cell[]): NonNullable<RunRecord["planned"]> {
  const groups = Map.groupBy(cells, ({ engine, suite, cases }) =>
    JSON.stringify([engine, suite.name, cases.map(({ id }) => id)]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return [
      {
        engine: first.engine,
        suite: first.suite.name,
        cases: first.cases.map(({ id }) => id),
        variants: group.map(({ subject }) => subject),
      },
    ];
  });
}
