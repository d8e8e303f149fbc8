/** The order of entries: cursors keep their places, and what was removed takes no room for long. */
import { expect, it } from "vitest";
import { EntryOrder } from "./entry-order.ts";

it("keeps cursors in their places when keys go and come", () => {
  const order = new EntryOrder(["a", "b", "c"]);
  const [first, last, behind] = [order.open(0), order.open(2), order.open(order.end)];
  order.removed("a");
  order.removed("c");
  order.added("c");
  expect(order.keyAt(first)).toBe("b");
  expect(order.keyAt(last)).toBe("c");
  expect(order.keyAt(behind)).toBe("c");
  order.cleared();
  order.added("d");
  expect([first, last, behind].map((cursor) => order.keyAt(cursor))).toEqual(["d", "d", "d"]);
});

it("is never much longer than the table, however often keys go and come", () => {
  const order = new EntryOrder(Array.from({ length: 100 }, (_, i) => `kept ${i}`));
  const middle = order.open(50);
  let end = 0;
  for (let i = 0; i < 10_000; i++) {
    order.added("again");
    order.removed("again");
    end = Math.max(end, order.end);
  }
  expect(order.keyAt(middle)).toBe("kept 50");
  // Twice 100 keys, one cursor, and what is not worth a walk.
  expect(end).toBe(2 * 100 + 1 + 16);
  order.close(middle);
  expect(order.isUsed).toBe(false);
});

it("keeps a cursor's place when what was removed before it is forgotten", () => {
  const keys = Array.from({ length: 100 }, (_, i) => `key ${i}`);
  const order = new EntryOrder(keys);
  const cursor = order.open(70);
  for (const key of keys.slice(0, 60)) order.removed(key);
  expect(order.end).toBeLessThan(100);
  expect(order.keyAt(cursor)).toBe("key 70");
  order.removed("key 70");
  expect(order.keyAt(cursor)).toBe("key 71");
});
