/** Tests of the schedule: pairing, order, warm-up, checks, unsupported jobs, interruption. */
import { describe, expect, test } from "vitest";
import { measure, type Schedule } from "./measure.ts";
import { randomOf, shuffled } from "./random.ts";
import { BenchError, type Preparation, type Subject } from "./subject.ts";
import type { Job } from "./workload.ts";

const job: Job = {
  workload: "count",
  action: "run-program",
  code: "return 1",
  expected: 1,
  repeats: 2,
};

/** Notes in `log` each thing that the schedule does to it. */
function subject(name: string, log: string[], value: unknown = 1): Subject {
  const preparation: Preparation = {
    state: "ready",
    execution: {
      isAsync: name.startsWith("async"),
      settle: () => void log.push(`${name} settles`),
      run: () => {
        log.push(name);
        return name.startsWith("async") ? Promise.resolve(value) : value;
      },
      read: (answer) => answer,
      [Symbol.dispose]: () => void log.push(`${name} ends`),
    },
  };
  return { name, axes: {}, prepare: async () => preparation };
}

function schedule(options: Partial<Schedule> = {}): Schedule {
  return {
    timed: { roundsMin: 3, subjectMsMin: 0 },
    warmUp: { roundsMin: 1, subjectMsMin: 0 },
    random: randomOf(1),
    signal: new AbortController().signal,
    ...options,
  };
}

describe("measure", () => {
  test("times every subject once in each round, after the warm-up", async () => {
    const log: string[] = [];
    const subjects = [subject("a", log), subject("async b", log)];
    const { subjects: timed, unsupported } = await measure(job, subjects, schedule());
    expect(timed.map((each) => each.subject)).toEqual(["a", "async b"]);
    for (const { samplesMs } of timed) expect(samplesMs).toHaveLength(3);
    expect(unsupported).toEqual([]);
    expect(log.filter((line) => line === "a")).toHaveLength((1 + 3) * job.repeats);
    for (let round = 0; round < 4; round++) {
      const settled = log
        .filter((line) => line.endsWith("settles"))
        .slice(2 * round, 2 * round + 2);
      expect(settled.toSorted()).toEqual(["a settles", "async b settles"]);
    }
    expect(log.slice(-2)).toEqual(["a ends", "async b ends"]);
  });

  test("warms up until each subject had its time", async () => {
    const log: string[] = [];
    const warmUp = { roundsMin: 0, subjectMsMin: 5 };
    const slow: Subject = {
      ...subject("slow", log),
      prepare: async () => ({
        state: "ready",
        execution: {
          isAsync: false,
          settle: () => undefined,
          run: () => {
            log.push("slow");
            const endMs = performance.now() + 1;
            while (performance.now() < endMs);
            return 1;
          },
          read: (answer) => answer,
          [Symbol.dispose]: () => undefined,
        },
      }),
    };
    await measure(job, [slow], schedule({ timed: { roundsMin: 1, subjectMsMin: 0 }, warmUp }));
    expect(log.length).toBeGreaterThanOrEqual(2 * job.repeats);
    expect(log.length).toBeLessThanOrEqual(4 * job.repeats);
  });

  test("refuses a wrong result, with the workload and the subject, and ends all", async () => {
    const log: string[] = [];
    const measured = measure(job, [subject("wrong", log, 2)], schedule());
    await expect(measured).rejects.toThrow(new BenchError("count on wrong: expected 1, got 2"));
    expect(log.at(-1)).toBe("wrong ends");
  });

  test("reports what a subject does not support", async () => {
    const peer: Subject = {
      name: "peer",
      axes: {},
      prepare: async () => ({ state: "unsupported", reason: "not there" }),
    };
    const { subjects, unsupported } = await measure(job, [peer, subject("a", [])], schedule());
    expect(subjects.map((each) => each.subject)).toEqual(["a"]);
    expect(unsupported).toEqual([{ subject: "peer", reason: "not there" }]);
  });

  test("stops when it is interrupted", async () => {
    const measured = measure(job, [subject("a", [])], schedule({ signal: AbortSignal.abort() }));
    await expect(measured).rejects.toMatchObject({ name: "AbortError" });
  });
});

test("a seed repeats the order, another one gives another", () => {
  const items = Array.from({ length: 20 }, (_, i) => i);
  expect(shuffled(items, randomOf(7))).toEqual(shuffled(items, randomOf(7)));
  expect(shuffled(items, randomOf(7))).not.toEqual(shuffled(items, randomOf(8)));
  expect(shuffled(items, randomOf(7)).toSorted((a, b) => a - b)).toEqual(items);
});
