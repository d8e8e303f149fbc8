/** That what is written is what the reader reads. */
import { expect, test } from "vitest";
import { joined } from "../../runtime/bytes/joined.ts";
import { ByteReader } from "./byte-reader.ts";
import { name, signed, unsigned } from "./encoding.ts";

const edges = [0, 1, 63, 64, 65, 127, 128, 129, 8_191, 8_192, 16_383, 16_384, 2 ** 31, 2 ** 32 - 1];

test.each(edges)("%d", (value) => {
  const reader = new ByteReader(joined([unsigned(value), signed(value)]));
  expect(reader.u32()).toBe(value);
  expect(reader.signed(64)).toBe(BigInt(value));
  reader.expectEnd("a number");
});

test("a name", () => {
  expect(new ByteReader(joined([name("zähler:1")])).name()).toBe("zähler:1");
});
