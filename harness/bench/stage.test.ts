/** Tests of a whole measurement against processes whose samples are made up, seeded. */
import { describe, expect, test } from "vitest";
import type { Worker, WorkerExit } from "../engine/engine.ts";
import type { TimingRecord } from "../record/record.ts";
import { syntheticRun } from "../statistics/synthetic.fixture.ts";
import { verdictsOf } from "../statistics/verdicts.ts";
import { type Order, orderSchema, type Reply } from "./protocol.ts";
import { benchStage, type Lineup, type StageEvent, type StageOptions } from "./stage.ts";
import { BenchError } from "./subject.ts";

const lineup: Lineup = {
  cores: [
    { name: "base", role: "base", axes: { post: "opt" }, wasmPath: "base.wasm" },
    { name: "other", role: "variant", axes: { post: "none" }, wasmPath: "other.wasm" },
  ],
  ...{ peers: [], facts: {} },
};

interface World {
  /** Time of `other` beside the base's, by workload. */
  readonly ratios: Readonly<Record<string, number>>;
  /** How long a workload takes in one process. */
  readonly tookMs?: Readonly<Record<string, number>>;
  readonly sampleNoise?: number;
  /** What a process says in the place of its samples. */
  readonly instead?: (order: Order) => Reply | undefined;
  /** What it says of a workload in the place of samples. */
  readonly insteadOf?: (asked: { readonly workload: string }) => Reply | undefined;
  readonly dies?: "at once" | { readonly over: string };
}

/** Processes that answer as the real ones do (serve.ts), and a clock that they move. */
function simulation(world: World) {
  const orders: Order[] = [];
  let clockMs = 0;
  const noise = {
    ...{
      sample: world.sampleNoise ?? 0.005,
      process: 0.001,
      drift: 0,
      disturbed: { rate: 0, sample: 0 },
    },
    outliers: { rate: 0, factor: 0 },
  };
  const answer = (order: Order, say: (reply: Reply) => void, die: () => void): void => {
    const failure = world.instead?.(order);
    if (failure !== undefined) return say(failure);
    for (const workload of order.workloads) {
      say({ kind: "begin", workload });
      if (typeof world.dies === "object" && world.dies.over === workload) return die();
      const wrong = world.insteadOf?.({ workload });
      if (wrong !== undefined) {
        say(wrong);
        continue;
      }
      const ratio = world.ratios[workload] ?? 1;
      const series = syntheticRun({
        subjectsMs: { base: 10, other: 10 * ratio, "base (A/A)": 10 },
        ...{ processes: 1, rounds: 8, noise, seed: order.seed * 31 + workload.length },
      });
      const tookMs = world.tookMs?.[workload] ?? 100;
      clockMs += tookMs;
      say({
        ...{ kind: "timed", workload, tookMs, warmUpRounds: 2, isSettled: workload !== "b" },
        ...{ resolutionMs: 0.001, unsupported: [{ subject: "peer", reason: "not there" }] },
        subjects: [...series].map(([subject, { samplesMs, rounds }]) => ({
          ...{ subject, samplesMs: [...samplesMs], rounds: rounds.map(({ round }) => round) },
        })),
      });
    }
    return say({ kind: "done" });
  };
  const start = (): Worker => {
    let listener: (message: unknown) => void = () => undefined;
    const exit = Promise.withResolvers<WorkerExit>();
    return {
      send: (message) => {
        const order = orderSchema.parse(message);
        orders.push(order);
        const die = (): void => exit.resolve({ reason: "signal SIGSEGV" });
        if (world.dies === "at once") return die();
        return answer(order, (reply) => listener(reply), die);
      },
      onMessage: (each) => {
        listener = each;
      },
      exited: exit.promise,
      kill: () => exit.resolve({ reason: "signal SIGKILL" }),
      queues: () => new Map(),
      takeOutput: () => "last words",
    };
  };
  return { orders, start, now: () => clockMs };
}

async function measure(world: World, changes: Partial<StageOptions> = {}) {
  const { orders, start, now } = simulation(world);
  const events: StageEvent[] = [];
  const options: StageOptions = {
    workloads: Object.keys(world.ratios),
    ...{ budgetMs: 1_000_000, processes: 12, seed: 1, precisionPercent: 2 },
    engine: { name: "node", version: "26.0.0" },
    ...{ start, now, signal: new AbortController().signal },
    onEvent: (event) => void events.push(event),
    ...changes,
  };
  const records: TimingRecord[] = [];
  for await (const record of benchStage(lineup, options)) records.push(record);
  return { records, orders, events };
}

describe("a measurement", () => {
  test("ends when each verdict is clear, and its records say the same", async () => {
    const { records, orders } = await measure({ ratios: { a: 1.3, b: 1 } });
    expect(orders.length).toBeLessThan(12);
    const found = verdictsOf(records).map(({ workload, base, subjects }) => [
      ...[workload, base.subject],
      ...subjects.map(({ subject, isTwin, verdict }) => [subject, isTwin, verdict.verdict]),
    ]);
    expect(found).toContainEqual(["a", "base", ["other", false, "slower"], expect.anything()]);
    expect(found).toContainEqual(["b", "base", ["other", false, "equal"], expect.anything()]);
    for (const { samplesMs, rounds } of records) expect(rounds).toHaveLength(samplesMs.length);
    expect(records[0]).toMatchObject({ variant: "base", axes: { post: "opt" }, engine: "node" });
    expect(records[0]?.rounds?.[0]).toEqual({ process: 0, round: 0 });
  });

  test("times what is clear no more, and gives all its time to the rest", async () => {
    const world = { ratios: { clear: 1.5, c: 1.025 }, sampleNoise: 0.03 };
    const { orders, events } = await measure(world);
    expect(orders[3]?.workloads).toEqual(["clear", "c"]);
    expect(orders[4]?.workloads).toEqual(["c"]);
    expect(events).toContainEqual({ kind: "decided", workload: "clear", processes: 4 });
  });

  test("takes more evidence to stop early than to say it at the end", async () => {
    const world = { ratios: { c: 1.04 }, sampleNoise: 0.016 };
    const { orders } = await measure(world);
    expect(orders.length).toBeGreaterThan(6);
    const { records } = await measure(world, { processes: 6 });
    expect(verdictsOf(records)[0]?.subjects[0]?.verdict.verdict).toBe("slower");
  });

  test("ends when the time is up, after as many processes as a verdict takes", async () => {
    const noisy = { ratios: { a: 1.01 }, sampleNoise: 0.3, tookMs: { a: 300 } };
    expect((await measure(noisy, { budgetMs: 1_500 })).orders).toHaveLength(5);
    expect((await measure(noisy, { budgetMs: 0 })).orders).toHaveLength(4);
    expect((await measure(noisy, { processes: 2 })).orders).toHaveLength(2);
  });

  test("shares the time that is left among the processes that are left", async () => {
    const noisy = { ratios: { a: 1.01 }, sampleNoise: 0.3, tookMs: { a: 300 } };
    const { orders } = await measure(noisy, { budgetMs: 3_000, processes: 6 });
    expect(orders.map(({ budgetMs }) => Math.round(budgetMs))).toEqual([
      ...[500, 540, 600, 700, 900, 1500],
    ]);
    expect(new Set(orders.map(({ seed }) => seed)).size).toBe(6);
  });

  test("lets a workload that takes long sit out, but for the processes of a verdict", async () => {
    const world = {
      ...{ ratios: { a: 1.01, b: 1.01, c: 1.01, d: 1.01, long: 1.01 }, sampleNoise: 0.3 },
      tookMs: { long: 5_000 },
    };
    const { orders } = await measure(world, { processes: 8 });
    const takingPart = orders.filter(({ workloads }) => workloads.includes("long")).length;
    expect(takingPart).toBe(4);
    expect(orders.every(({ workloads }) => workloads.includes("a"))).toBe(true);
  });

  test("tells once what is unsupported, and each time what did not settle", async () => {
    const { events } = await measure({ ratios: { a: 1.3, b: 1.3 } });
    expect(events.filter(({ kind }) => kind === "unsupported")).toHaveLength(2);
    const unsettled = events.filter((event) => event.kind === "unsettled");
    expect(unsettled.map(({ process }) => process)).toEqual([0, 1, 2, 3]);
  });
});

describe("a failure", () => {
  test("of a result costs its workload its figures, and no other", async () => {
    const message = "a on other: expected 1, got 2";
    const wrong = { kind: "wrong", workload: "a", subject: "other", message } as const;
    const { records, orders, events } = await measure({
      ratios: { a: 1, b: 1.3 },
      insteadOf: ({ workload }) => (workload === "a" ? wrong : undefined),
    });
    expect(events).toContainEqual(wrong);
    expect(new Set(records.map(({ workload }) => workload))).toEqual(new Set(["b"]));
    expect(orders[0]?.workloads).toEqual(["a", "b"]);
    expect(orders[1]?.workloads).toEqual(["b"]);
  });

  test("of what a process was made of ends the measurement with its words", async () => {
    const message = "base.wasm is no core";
    const measured = measure({ ratios: { a: 1 }, instead: () => ({ kind: "failed", message }) });
    await expect(measured).rejects.toThrow(new BenchError(message));
  });

  test("of a message to be one is told with its workload", async () => {
    const nonsense = { kind: "begin" } as unknown as Reply;
    const measured = measure({ ratios: { a: 1 }, instead: () => nonsense });
    await expect(measured).rejects.toThrow(/the start: .*workload/s);
  });

  test("of a process at its start says how it ended", async () => {
    const measured = measure({ ratios: { a: 1 }, dies: "at once" });
    await expect(measured).rejects.toThrow(
      new BenchError("the start: the process ended (signal SIGSEGV) last words"),
    );
  });

  test("of a process over a workload is told, and the others go on in the next", async () => {
    const { records, orders, events } = await measure({
      ratios: { a: 1, b: 1.3 },
      dies: { over: "a" },
    });
    expect(events).toContainEqual({
      kind: "wrong",
      workload: "a",
      message: "a: the process ended (signal SIGSEGV) last words",
    });
    expect(new Set(records.map(({ workload }) => workload))).toEqual(new Set(["b"]));
    expect(orders[1]?.workloads).toEqual(["b"]);
  });

  test("by interruption throws the signal's reason, and keeps what was measured", async () => {
    const stop = new AbortController();
    const { start, now } = simulation({ ratios: { a: 1 }, sampleNoise: 0.3 });
    const kept: string[] = [];
    const run = async () => {
      const options: StageOptions = {
        ...{ workloads: ["a"], budgetMs: 1_000_000, processes: 12, seed: 1, precisionPercent: 2 },
        engine: { name: "node", version: "26.0.0" },
        ...{ start, now, signal: stop.signal },
        onEvent: (event) => {
          if (event.kind === "process" && event.process === 2) stop.abort();
        },
      };
      for await (const { variant } of benchStage(lineup, options)) kept.push(variant);
    };
    await expect(run()).rejects.toMatchObject({ name: "AbortError" });
    expect(kept).toEqual(["base", "other", "base (A/A)"]);
  });
});
