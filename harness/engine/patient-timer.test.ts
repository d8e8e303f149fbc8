/** Tests of limits on time that a process could have run. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { patientTimer, queuesOf } from "./patient-timer.ts";

describe("a patient timer", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function started(queue: { ms: number; others?: number }, limitMs = 1_000) {
    const expired = vi.fn();
    const queues = () =>
      new Map([
        ["1/1", queue.ms],
        ["1/2", queue.others ?? 0],
      ]);
    const cancel = patientTimer({ limitMs, queues, onExpired: expired });
    return { expired, cancel };
  }

  test("of a process that always runs ends at its limit", () => {
    const { expired } = started({ ms: 500 });
    vi.advanceTimersByTime(999);
    expect(expired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(expired).toHaveBeenCalledOnce();
  });

  test("does not count what the process stood in line", () => {
    const queue = { ms: 500 };
    const { expired } = started(queue);
    queue.ms += 800;
    vi.advanceTimersByTime(1_000);
    expect(expired).not.toHaveBeenCalled();
    queue.ms += 600;
    vi.advanceTimersByTime(800);
    expect(expired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(599);
    expect(expired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(expired).toHaveBeenCalledOnce();
  });

  test("ends a loop that has a fifth of a processor after five times its limit", () => {
    const queue = { ms: 0 };
    const { expired } = started(queue);
    let passedMs = 0;
    for (; expired.mock.calls.length === 0 && passedMs < 20_000; passedMs += 10) {
      queue.ms += 8;
      vi.advanceTimersByTime(10);
    }
    expect(passedMs).toBeGreaterThan(4_500);
    expect(passedMs).toBeLessThan(5_500);
  });

  test("looks at each thread by itself: one that waited longer before says nothing", () => {
    const queue = { ms: 20_000, others: 60_000 };
    const { expired } = started(queue);
    queue.ms += 900;
    vi.advanceTimersByTime(1_000);
    expect(expired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(900);
    expect(expired).toHaveBeenCalledOnce();
  });

  test("ends after twenty times its limit, whoever stands in line", () => {
    const queue = { ms: 0 };
    const { expired } = started(queue);
    let passedMs = 0;
    for (; expired.mock.calls.length === 0 && passedMs < 60_000; passedMs += 100) {
      queue.ms += 100;
      vi.advanceTimersByTime(100);
    }
    expect(passedMs).toBeGreaterThan(19_000);
    expect(passedMs).toBeLessThan(21_000);
  });

  test("that is cancelled does nothing, in its extra time as well", () => {
    const queue = { ms: 0 };
    const { expired, cancel } = started(queue);
    queue.ms = 5_000;
    vi.advanceTimersByTime(1_500);
    cancel();
    vi.advanceTimersByTime(60_000);
    expect(expired).not.toHaveBeenCalled();
  });
});

function longest(pid: number | undefined): number {
  return Math.max(0, ...queuesOf(pid).values());
}

describe.skipIf(!existsSync("/proc/self/schedstat"))("the line for a processor", () => {
  test("is longer where more want one, for children too; who is gone stands in none", async () => {
    const loops = "while (true);";
    const many = `const { spawn } = require("node:child_process");
      for (let i = 0; i < 40; i++) spawn(process.execPath, ["-e", "${loops}"]);
      process.on("SIGTERM", () => process.exit());`;
    const parent = spawn(process.execPath, ["-e", many], { detached: true });
    const exited = new Promise((resolve) => parent.once("close", resolve));
    try {
      await vi.waitFor(() => expect(longest(parent.pid)).toBeGreaterThan(200), 20_000);
    } finally {
      process.kill(-(parent.pid ?? 0), "SIGKILL");
      await exited;
    }
    expect(queuesOf(parent.pid).size).toBe(0);
    expect(queuesOf(undefined).size).toBe(0);
  });
});
