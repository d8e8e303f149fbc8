/** Laws of the busy clock: time counts once however many are at work, in a failure too. */
import { expect, test } from "vitest";
import { BusyClock } from "./busy-clock.ts";

test("side by side counts once, a gap not at all", async () => {
  let nowMs = 100;
  const clock = new BusyClock(() => nowMs);
  const ends: (() => void)[] = [];
  const work = () => clock.during(() => new Promise<void>((resolve) => ends.push(resolve)));
  const first = work();
  nowMs += 10;
  const second = work();
  nowMs += 5;
  expect(clock.busyMs).toBe(15);
  ends[0]?.();
  await first;
  nowMs += 7;
  ends[1]?.();
  await second;
  nowMs += 1000;
  expect(clock.busyMs).toBe(22);
  const failing = clock.during(async () => {
    nowMs += 3;
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  nowMs += 1000;
  expect(clock.busyMs).toBe(25);
});
