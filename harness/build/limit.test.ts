/** That a limiter lets so many run, no more and no fewer, and survives failures. */
import { expect, test } from "vitest";
import { limiter } from "./limit.ts";

test("runs as many tasks as it may, in order, whatever fails", async () => {
  const limited = limiter(2);
  let running = 0;
  let runningMax = 0;
  const started: number[] = [];
  const tasks = Array.from({ length: 7 }, (_, index) =>
    limited(async () => {
      started.push(index);
      running += 1;
      runningMax = Math.max(runningMax, running);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running -= 1;
      if (index % 3 === 0) throw new RangeError(`task ${index}`);
      return index;
    }),
  );
  const results = await Promise.allSettled(tasks);
  expect(results.map(({ status }) => status === "fulfilled")).toEqual([
    false,
    true,
    true,
    false,
    true,
    true,
    false,
  ]);
  expect(started).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(runningMax).toBe(2);
  runningMax = 0;
  await Promise.all(
    Array.from({ length: 5 }, () =>
      limited(async () => {
        running += 1;
        runningMax = Math.max(runningMax, running);
        await new Promise((resolve) => setTimeout(resolve, 2));
        running -= 1;
      }),
    ),
  );
  expect(runningMax).toBe(2);
});

test.each([0, -1, 1.5, Number.NaN])("refuses a limit of %d", (tasksMax) => {
  expect(() => limiter(tasksMax)).toThrow(RangeError);
});
