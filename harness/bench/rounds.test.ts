/** Tests of the rounds of one job: pairing, order, repeats, who sits out, checks, interruption. */
import { describe, expect, test } from "vitest";
import { randomOf } from "../statistics/random.ts";
import { type RoundsOptions, timeRounds } from "./rounds.ts";
import type { Preparation, Sample, Subject } from "./subject.ts";
import type { Job } from "./workload.ts";

const job: Job = {
  ...{ workload: "count", action: "run-program", code: "return 1", size: 1 },
  ...{ expected: 1, repeats: 2 },
};

/** Notes in `log` each thing that is done to it; it times itself, by what `durationMs` says. */
function subject(
  name: string,
  log: string[],
  { value = 1, durationMs = () => 1 }: { value?: number; durationMs?: () => number } = {},
): Subject {
  const preparation: Preparation = {
    state: "ready",
    execution: {
      isAsync: false,
      settle: () => void log.push(`${name} settles`),
      run: () => undefined,
      timeItself: async (repeats): Promise<Sample> => {
        log.push(`${name} runs ${repeats}`);
        return { durationMs: durationMs(), answers: [value] };
      },
      read: (answer) => answer,
      [Symbol.dispose]: () => void log.push(`${name} ends`),
    },
  };
  return { name, axes: {}, prepare: async () => preparation };
}

/** A clock that goes on by itself a millisecond with each look. */
function options(changes: Partial<RoundsOptions> = {}): RoundsOptions {
  let clockMs = 0;
  return {
    ...{ budgetMs: 0, resolutionMs: 0, random: randomOf(1), now: () => clockMs++ },
    signal: new AbortController().signal,
    ...changes,
  };
}

describe("rounds", () => {
  test("time each subject once, in an order that changes; the first never counts", async () => {
    const log: string[] = [];
    const subjects = [subject("a", log), subject("b", log)];
    const timed = await timeRounds(job, subjects, options({ rounds: 8 }));
    expect(timed).toMatchObject({ workload: "count", warmUpRounds: 1, isSettled: true });
    expect(timed.subjects.map((each) => each.subject)).toEqual(["a", "b"]);
    for (const { samplesMs, rounds } of timed.subjects) {
      expect(samplesMs).toEqual(Array.from({ length: 8 }, () => 1));
      expect(rounds).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    }
    const runs = log.filter((line) => line.endsWith("runs 2"));
    const orders = Array.from({ length: 9 }, (_, round) => runs.slice(2 * round, 2 * round + 2));
    for (const order of orders) expect(order.toSorted()).toEqual(["a runs 2", "b runs 2"]);
    expect(new Set(orders.map((order) => order.join())).size).toBe(2);
    expect(log.slice(-2)).toEqual(["a ends", "b ends"]);
  });

  test("go on until the time is used, a few at least, some at most", async () => {
    const rounds = async (budgetMs: number) => {
      const { subjects } = await timeRounds(job, [subject("a", [])], options({ budgetMs }));
      return subjects[0]?.rounds.at(-1);
    };
    expect(await rounds(0)).toBe(1);
    expect(await rounds(2)).toBe(2);
    expect(await rounds(10)).toBe(9);
    expect(await rounds(10_000)).toBe(39);
  });

  test("take more executions into a sample that is too short for the clock", async () => {
    const log: string[] = [];
    await timeRounds(job, [subject("a", log)], options({ rounds: 3, resolutionMs: 0.01 }));
    expect(log.filter((line) => line.includes("runs"))).toEqual([
      ...["a runs 2", "a runs 10", "a runs 10", "a runs 10"],
    ]);
  });

  test("leave who takes ten times as long out of most, never of the last", async () => {
    const slow = subject("slow", [], { durationMs: () => 100 });
    const subjects = [subject("a", []), subject("b", []), slow];
    const { subjects: timed } = await timeRounds(job, subjects, options({ budgetMs: 20 }));
    expect(timed[0]?.rounds).toHaveLength(19);
    expect(timed[2]?.rounds).toEqual([1, 19]);
  });

  test("drop the warm-up that the samples show", async () => {
    const times = [90, 60, 40, 20];
    const random = randomOf(1);
    const jitter = (): number => 10 + random();
    const cold = subject("cold", [], { durationMs: () => times.shift() ?? jitter() });
    const timed = await timeRounds(job, [cold], options({ rounds: 12 }));
    expect(timed).toMatchObject({ warmUpRounds: 4, isSettled: true });
    for (const { rounds } of timed.subjects) expect(rounds[0]).toBe(4);
  });

  test("refuse a wrong result, with the workload and the subject, and end all", async () => {
    const log: string[] = [];
    const timed = timeRounds(job, [subject("wrong", log, { value: 2 })], options());
    await expect(timed).rejects.toMatchObject({
      message: "count on wrong: expected 1, got 2",
      subject: "wrong",
    });
    expect(log.at(-1)).toBe("wrong ends");
  });

  test("tell what a subject does not support", async () => {
    const peer: Subject = {
      ...{ name: "peer", axes: {} },
      prepare: async () => ({ state: "unsupported", reason: "not there" }),
    };
    const timed = await timeRounds(job, [peer, subject("a", [])], options());
    expect(timed.subjects.map((each) => each.subject)).toEqual(["a"]);
    expect(timed.unsupported).toEqual([{ subject: "peer", reason: "not there" }]);
  });

  test("stop when they are interrupted", async () => {
    const timed = timeRounds(job, [subject("a", [])], options({ signal: AbortSignal.abort() }));
    await expect(timed).rejects.toMatchObject({ name: "AbortError" });
  });
});
