/** One measurement of `npm run bench`: its processes, what it tells meanwhile, its result. */

import { eventText } from "../../harness/bench/event-text.ts";
import {
  benchStage,
  type Lineup,
  type StageEvent,
  type StageOptions,
} from "../../harness/bench/stage.ts";
import { npmRun } from "../../harness/build/shell-word.ts";
import { nodeEngine } from "../../harness/engine/node-engine.ts";
import {
  type ResultRecord,
  type RunRecord,
  recordSchemaVersion,
  type TimingRecord,
} from "../../harness/record/record.ts";
import type { Invocation } from "../command/invocation.ts";
import { linesTo } from "../command/lines.ts";
import { machineFingerprint, revisionOf } from "../command/machine.ts";
import type { BenchOptions } from "./options.ts";
import type { BenchResult, Unsupported } from "./table.ts";

export interface BenchRun {
  readonly options: BenchOptions;
  readonly lineup: Lineup;
  readonly invocation: Invocation;
  /** Of what was timed, and built by. */
  readonly versions: Readonly<Record<string, string>>;
  readonly onRecord: (record: ResultRecord) => void;
}

/** As `runStage`, between the records of its begin and its end. */
export async function recordedRun(run: BenchRun): Promise<BenchResult> {
  const { invocation, onRecord } = run;
  const begunMs = invocation.nowMs();
  onRecord(await runRecord(run, invocation.now()));
  const result = await runStage(run);
  onRecord({
    ...{ kind: "end", finishedAt: invocation.now().toISOString() },
    interrupted: invocation.signal.aborted,
    durationMs: invocation.nowMs() - begunMs,
  });
  return result;
}

async function runRecord(
  { options, invocation, versions }: BenchRun,
  startedAt: Date,
): Promise<RunRecord> {
  const revision = await revisionOf(invocation.root, linesTo(invocation.stderr));
  return {
    ...{ kind: "run", schema: recordSchemaVersion, startedAt: startedAt.toISOString() },
    command: npmRun("bench", invocation.arguments),
    seed: options.seed,
    tier: options.quick ? "quick" : "standard",
    engines: ["node"],
    ...(revision === undefined ? {} : { revision }),
    tools: { ...versions },
    fingerprint: machineFingerprint(invocation.nodeVersion),
    excluded: [],
  };
}

/** What was measured before an interruption is returned. Throws BenchError at a process's start. */
async function runStage({ options, lineup, invocation, onRecord }: BenchRun): Promise<BenchResult> {
  const { signal, stderr } = invocation;
  const records: TimingRecord[] = [];
  const unsupported: Unsupported[] = [];
  const wrong: string[] = [];
  const unsettled = new Map<string, number>();
  const onEvent = (event: StageEvent): void => {
    if (event.kind === "unsupported") unsupported.push(event);
    if (event.kind === "wrong") wrong.push(event.message);
    if (event.kind === "unsettled") {
      unsettled.set(event.workload, (unsettled.get(event.workload) ?? 0) + 1);
    }
    const line = eventText(event, options.processes);
    if (line !== undefined) stderr.write(`${line}\n`);
  };
  try {
    for await (const record of benchStage(lineup, stageOptions(options, invocation, onEvent))) {
      records.push(record);
      onRecord(record);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    stderr.write("interrupted: what was measured before is kept\n");
  }
  const classic = options.workloads.filter((each) => each.classic).map(({ name }) => name);
  const { precisionPercent } = options;
  return { records, precisionPercent, classic, unsupported, unsettled, wrong };
}

function stageOptions(
  options: BenchOptions,
  invocation: Invocation,
  onEvent: (event: StageEvent) => void,
): StageOptions {
  return {
    workloads: options.workloads.map(({ name }) => name),
    budgetMs: options.budgetMs,
    processes: options.processes,
    ...(options.rounds === undefined ? {} : { rounds: options.rounds }),
    seed: options.seed,
    precisionPercent: options.precisionPercent,
    ...processesOf(invocation),
    signal: invocation.signal,
    onEvent,
  };
}

/** The processes are Node's; the entry is bench-worker.ts. */
export function processesOf({
  nodePath,
  nodeVersion,
  environment,
}: Invocation): Pick<StageOptions, "engine" | "start" | "now"> {
  const entry = new URL("../worker/bench-worker.ts", import.meta.url);
  const engine = nodeEngine({ execPath: nodePath, entry, environment });
  return {
    engine: { name: engine.name, version: nodeVersion },
    start: () => engine.start(),
    now: () => performance.now(),
  };
}
