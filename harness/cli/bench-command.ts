/** `npm run bench`: builds the variants, times the workloads, keeps the samples, prints a table. */
import { existsSync, renameSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { workloads } from "../../benchmarks/index.ts";
import { coreSubject } from "../bench/core-subject.ts";
import { type Measurement, measure, type Schedule } from "../bench/measure.ts";
import { randomOf } from "../bench/random.ts";
import { BenchError, type Subject } from "../bench/subject.ts";
import { wasmoonSubject } from "../bench/wasmoon-subject.ts";
import { jobOf } from "../bench/workload.ts";
import { openJournal } from "../record/journal.ts";
import { type ResultRecord, type RunRecord, recordSchemaVersion } from "../record/record.ts";
import { type BenchOptions, parseBenchOptions } from "./bench-options.ts";
import { type BenchResult, benchJson, benchTable } from "./bench-table.ts";
import { reportError } from "./error-report.ts";
import type { Invocation } from "./invocation.ts";
import { machineFingerprint, packageVersion, revisionOf } from "./machine.ts";
import { projectPaths } from "./paths.ts";
import { builtArtifacts } from "./run-context.ts";
import { subjectOf } from "./select.ts";
import { UsageError } from "./usage.ts";

const exit = { fine: 0, error: 1, usage: 2, buildFailed: 3, interrupted: 130 } as const;

/** A variant that can't be timed because it was not built. */
class BuildFailedError extends Error {
  override readonly name = "BuildFailedError";
}

export async function bench(invocation: Invocation): Promise<number> {
  const { stdout, stderr, signal } = invocation;
  try {
    const request = parseBenchOptions(invocation.arguments, workloads);
    if (request.kind === "text") {
      stdout.write(request.text);
      return exit.fine;
    }
    const { options } = request;
    const result = await runBench(options, invocation);
    stdout.write(options.json ? benchJson(result) : benchTable(result));
    return signal.aborted ? exit.interrupted : exit.fine;
  } catch (error) {
    if (error instanceof UsageError) {
      stderr.write(`${error.message}\nSee: npm run bench -- --help\n`);
      return exit.usage;
    }
    if (error instanceof BuildFailedError || error instanceof BenchError) {
      stderr.write(`${error.message}\n`);
      return error instanceof BenchError ? exit.error : exit.buildFailed;
    }
    return reportError(error, invocation);
  }
}

/** The reference first: a report compares with the first subject of each workload. */
interface Lineup {
  readonly subjects: readonly Subject[];
  readonly reference: string;
  readonly twins: BenchResult["twins"];
  readonly tools: Readonly<Record<string, string>>;
}

/** Builds, loads, times and records. What was measured before an interruption is returned. */
async function runBench(options: BenchOptions, invocation: Invocation): Promise<BenchResult> {
  const { root, signal, stderr } = invocation;
  const startedAt = invocation.now();
  const lineup = await lineupOf(options, invocation);
  const path = join(projectPaths(root).latest, "bench.jsonl");
  if (existsSync(path)) renameSync(path, path.replace(/\.jsonl$/, ".previous.jsonl"));
  using journal = openJournal(path);
  journal.append(await runRecord({ options, invocation, startedAt, tools: lineup.tools }));
  const measurements: Measurement[] = [];
  try {
    for await (const measurement of measureAll(options, lineup, invocation)) {
      measurements.push(measurement);
      for (const record of timingRecords(measurement, lineup, invocation)) journal.append(record);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    stderr.write("interrupted: what was measured before is kept\n");
  }
  const finishedAt = invocation.now();
  const durationMs = finishedAt.getTime() - startedAt.getTime();
  journal.append({
    kind: "end",
    finishedAt: finishedAt.toISOString(),
    interrupted: signal.aborted,
    durationMs,
  });
  stderr.write(`${(durationMs / 1000).toFixed(1)} s; raw samples: ${path}\n`);
  return { measurements, reference: lineup.reference, twins: lineup.twins };
}

async function lineupOf({ variants }: BenchOptions, invocation: Invocation): Promise<Lineup> {
  const { root, signal, stderr } = invocation;
  const progress = (line: string): void => void stderr.write(`${line}\n`);
  const { artifactOf, tools } = await builtArtifacts({ invocation, force: false, progress });
  const cores: Subject[] = [];
  let twin: Subject | undefined;
  for (const variant of variants) {
    const planned = subjectOf(variant);
    const onStep = (step: string): void => progress(`${variant.id}: ${step}`);
    const built = await artifactOf(planned, { onStep, signal });
    if (!built.ok) {
      throw new BuildFailedError(`${built.message}\nrepeat: npm run build -- ${variant.id}`);
    }
    const wasm = new Uint8Array(await readFile(built.artifact.wasmPath));
    const core = await coreSubject({ name: variant.id, axes: planned.axes, wasm });
    twin ??= await coreSubject({ name: `${variant.id} (A/A)`, axes: planned.axes, wasm });
    cores.push(core);
  }
  const [first] = cores;
  if (first === undefined || twin === undefined) throw new UsageError("no variant to time");
  const version = await packageVersion({ root, name: "wasmoon" });
  const peer = wasmoonSubject(version);
  return {
    subjects: [peer, ...cores, twin],
    reference: peer.name,
    twins: [first.name, twin.name],
    tools: {
      zig: tools.zigVersion,
      lua: tools.luaVersion,
      ...(version === undefined ? {} : { wasmoon: version }),
    },
  };
}

async function* measureAll(
  options: BenchOptions,
  { subjects }: Lineup,
  { signal, stderr }: Invocation,
): AsyncGenerator<Measurement> {
  const schedule: Schedule = {
    ...extentsOf(options),
    random: randomOf(options.seed),
    signal,
  };
  for (const [index, workload] of options.workloads.entries()) {
    const place = `[${index + 1}/${options.workloads.length}]`;
    stderr.write(`${place} ${workload.name}: ${workload.why}\n`);
    const program = await readFile(workload.program, "utf8");
    yield await measure(jobOf(workload, { scale: "full", program }), subjects, schedule);
  }
}

/** Rounds that were asked for are as many as that. */
function extentsOf({ quick, rounds }: BenchOptions): Pick<Schedule, "warmUp" | "timed"> {
  const timed = quick
    ? { roundsMin: 7, subjectMsMin: 500 }
    : { roundsMin: 15, subjectMsMin: 1_000 };
  return {
    warmUp: quick ? { roundsMin: 1, subjectMsMin: 300 } : { roundsMin: 3, subjectMsMin: 1_000 },
    timed: rounds === undefined ? timed : { roundsMin: rounds, subjectMsMin: 0 },
  };
}

function timingRecords(
  { workload, subjects }: Measurement,
  lineup: Lineup,
  { nodeVersion }: Invocation,
): readonly ResultRecord[] {
  const axes = new Map(lineup.subjects.map((each) => [each.name, each.axes]));
  return subjects.map(({ subject, samplesMs }) => ({
    kind: "timing",
    variant: subject,
    axes: { ...axes.get(subject) },
    engine: "node",
    engineVersion: nodeVersion,
    workload,
    samplesMs: [...samplesMs],
  }));
}

async function runRecord(asked: {
  readonly options: BenchOptions;
  readonly invocation: Invocation;
  readonly startedAt: Date;
  readonly tools: Readonly<Record<string, string>>;
}): Promise<RunRecord> {
  const { options, invocation, startedAt, tools } = asked;
  const revision = await revisionOf(invocation.root);
  return {
    kind: "run",
    schema: recordSchemaVersion,
    startedAt: startedAt.toISOString(),
    command: ["npm run bench --", ...invocation.arguments].join(" "),
    seed: options.seed,
    tier: options.quick ? "quick" : "standard",
    engines: ["node"],
    ...(revision === undefined ? {} : { revision }),
    tools: { ...tools },
    fingerprint: machineFingerprint(invocation.nodeVersion),
    excluded: [],
  };
}
