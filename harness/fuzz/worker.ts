/** What runs inside a worker: takes batches, compares the sides, streams what it finds. */
import type { Channel } from "../engine/serve.ts";
import { batchSeed, type Compared, compareAll, compareOne, programsOf, renewAll } from "./batch.ts";
import type { Finding } from "./finding.ts";
import { type Batch, type Counts, type Reply, requestSchema, type SetUp } from "./protocol.ts";
import { shrink } from "./shrink.ts";
import {
  type Answer,
  coreSide,
  nativeName,
  type Side,
  SideError,
  type Sides,
  type Twin,
  twinSide,
} from "./side.ts";
import type { FuzzTarget } from "./target.ts";

/** The worker's end of the channel, and what it has of its engine. */
export interface BatchChannel extends Channel<Reply> {
  readonly readWasm: (path: string) => Promise<Uint8Array<ArrayBuffer>>;
  readonly startTwin: (path: string) => Twin;
  readonly nowMs: () => number;
}

/** Serves batches for as long as the channel lives: one at a time, as the command sends them. */
export function serveBatches(channel: BatchChannel): void {
  let bench: Promise<Bench> | undefined;
  const serve = async (message: unknown): Promise<void> => {
    const request = requestSchema.parse(message);
    if (request.kind === "set-up") {
      bench = setUp(request, channel);
      await bench;
      return await channel.send({ kind: "ready" });
    }
    if (bench === undefined) throw new SideError("a batch came before its set-up");
    return await channel.send({ kind: "done", counts: await runBatch(request, await bench) });
  };
  channel.onMessage((message) => {
    serve(message).catch((error: unknown) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return channel.send({ kind: "failed", message: text });
    });
  });
}

interface Bench {
  readonly target: FuzzTarget;
  readonly sides: Sides;
  readonly channel: BatchChannel;
}

async function setUp(request: SetUp, channel: BatchChannel): Promise<Bench> {
  const target = await targetOf(request);
  const { prelude, sides, loadsText } = target;
  const subjects = await Promise.all(
    request.sides.map(async ({ name, wasmPath }) => {
      const module = await WebAssembly.compile(await channel.readWasm(wasmPath));
      return { name, module, prelude, ...(loadsText === true ? { loadsText } : {}) };
    }),
  );
  if (sides !== undefined) return { target, sides: sides.of(subjects), channel };
  const start = (): Twin => channel.startTwin(request.twinPath);
  const native = twinSide({ start, prelude });
  return { target, sides: { native, others: subjects.map(coreSide) }, channel };
}

async function targetOf({ targetsUrl, target }: SetUp): Promise<FuzzTarget> {
  const module: { readonly fuzzTargets?: unknown } = await import(targetsUrl);
  if (!Array.isArray(module.fuzzTargets)) throw new SideError(`${targetsUrl} has no fuzzTargets`);
  // The list is ours; the compiler checks its shape where it is made (suites/fuzz-targets.ts).
  const targets = module.fuzzTargets as readonly FuzzTarget[];
  const found = targets.find(({ name }) => name === target);
  if (found === undefined) throw new SideError(`no target "${target}" in ${targetsUrl}`);
  return found;
}

async function runBatch(batch: Batch, bench: Bench): Promise<Counts> {
  const { target, sides, channel } = bench;
  const programs = programsOf(target, batch, batch.programs);
  const together = await compareBatch(batch, bench, programs);
  const compared = await judged(together, bench, programs.slice(batch.from));
  const findings: { readonly finding: Finding; readonly history: readonly string[] }[] = [];
  for (const [offset, each] of compared.entries()) {
    const index = batch.from + offset;
    const finding = findingOf({ bench, batch, index, program: programs[index] ?? "", each });
    if (finding === undefined) continue;
    await channel.send({ kind: "found", finding });
    findings.push({ finding, history: programs.slice(batch.from, index + 1) });
  }
  const first = findings.find(({ finding }) => !finding.sides.includes(nativeName));
  if (batch.shrinks && first !== undefined) {
    const smaller = await shrink({ target, sides, ...first, nowMs: channel.nowMs });
    await channel.send({ kind: "shrunk", finding: smaller });
  }
  return countsOf(compared);
}

/** Where a target says so, programs that differed once more, each in fresh states. */
async function judged(
  together: readonly Compared[],
  { target, sides }: Bench,
  programs: readonly string[],
): Promise<readonly Compared[]> {
  if (target.sides?.judgesAlone !== true) return together;
  const compared: Compared[] = [];
  for (const [offset, each] of together.entries()) {
    if (each.verdict.kind === "differs") await renewAll(sides);
    compared.push(
      each.verdict.kind === "differs"
        ? await compareOne(target, sides, programs[offset] ?? "")
        : each,
    );
  }
  return compared;
}

async function compareBatch(
  batch: Batch,
  bench: Bench,
  programs: readonly string[],
): Promise<readonly Compared[]> {
  const { target, sides } = bench;
  await renewAll(sides);
  if (batch.careful) return await compareCarefully(batch, bench, programs);
  const compared = await compareAll(target, sides, programs.slice(batch.from));
  // A twin that ends takes the programs with it that wait: one after the other, one is charged.
  if (compared.every(({ native }) => native.kind !== "broken")) return compared;
  await renewAll(sides);
  return await compareCarefully(batch, bench, programs);
}

/** Each program is announced on each side, for the command to know what a dead worker died of. */
async function compareCarefully(
  { from }: Batch,
  { target, sides, channel }: Bench,
  programs: readonly string[],
): Promise<readonly Compared[]> {
  let index = from;
  const announced = (side: Side): Side => ({
    ...side,
    answer: async (program) => {
      await channel.send({ kind: "asks", index, side: side.name, program });
      return await side.answer(program);
    },
  });
  const watched = { native: announced(sides.native), others: sides.others.map(announced) };
  const compared: Compared[] = [];
  for (; index < programs.length; index++) {
    compared.push(await compareOne(target, watched, programs[index] ?? ""));
  }
  return compared;
}

const notCompared: Answer = { kind: "text", text: "(not compared)" };

function findingOf(options: {
  readonly bench: Bench;
  readonly batch: Batch;
  readonly index: number;
  readonly program: string;
  readonly each: Compared;
}): Finding | undefined {
  const { bench, batch, index, program, each } = options;
  const { verdict, native, others } = each;
  if (verdict.kind !== "differs") return undefined;
  const other = others.find(({ side }) => side === verdict.sides[0]);
  return {
    suite: bench.target.name,
    seed: batch.seed,
    batch: batch.batch,
    index,
    generatorSeed: batchSeed(batch),
    path: String(index),
    sides: [...verdict.sides],
    state: "raw",
    programs: [program],
    native,
    other: other?.answer ?? notCompared,
  };
}

function countsOf(compared: readonly Compared[]): Counts {
  const setAside: Record<string, number> = {};
  const differing: Record<string, number> = {};
  const tallies: Record<string, number> = {};
  const add = (counts: Record<string, number>, key: string): void => {
    counts[key] = (counts[key] ?? 0) + 1;
  };
  for (const { verdict, others } of compared) {
    for (const { side, answer } of others) {
      const tally = answer.kind === "text" ? answer.tally : undefined;
      if (tally !== undefined) add(tallies, `${side}: ${tally}`);
    }
    if (verdict.kind === "set-aside") add(setAside, verdict.exclusion.what);
    if (verdict.kind === "differs") for (const side of verdict.sides) add(differing, side);
  }
  return { programs: compared.length, setAside, differing, tallies };
}
