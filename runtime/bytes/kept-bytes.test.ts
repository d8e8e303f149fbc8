/** Tests of the two forms in which external tables keep values, at and around the limit. */
import { expect, test } from "vitest";
import { bytesOfKept, keep, writeKept } from "./kept-bytes.ts";

const source = Uint8Array.from({ length: 400 }, (_, i) => (i * 37) & 0xff);

test.each([0, 1, 31, 32, 33, 63, 64, 65, 300])("keeps %d bytes as they are", (length) => {
  const range = { start: 7, end: 7 + length };
  const expected = source.slice(range.start, range.end);
  const kept = keep(source, range);
  expect(typeof kept).toBe(length <= 64 ? "string" : "object");
  expect(kept).toHaveLength(length);
  expect(bytesOfKept(kept)).toEqual(expected);
  const target = new Uint8Array(length + 2);
  writeKept(kept, target, 1);
  expect(target).toEqual(Uint8Array.of(0, ...expected, 0));
});

test("a value that is kept is a copy, whatever its form", () => {
  for (const length of [10, 100]) {
    const bytes = source.slice(0, length);
    const kept = keep(bytes, { start: 0, end: length });
    bytes.fill(0);
    expect(bytesOfKept(kept)).toEqual(source.slice(0, length));
  }
});
