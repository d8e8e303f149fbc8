/** Lets at most so many tasks run side by side. */

/**
 * A function that runs a task as soon as fewer than `tasksMax` of those given to it run; the others
 * wait in the order in which they came. It settles as the task does.
 */
export function limiter(
  tasksMax: number,
): <Result>(task: () => Promise<Result>) => Promise<Result> {
  if (!Number.isInteger(tasksMax) || tasksMax < 1) {
    throw new RangeError(`a limit of ${tasksMax} tasks lets none run`);
  }
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= tasksMax) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      // A place that is handed on stays counted.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
