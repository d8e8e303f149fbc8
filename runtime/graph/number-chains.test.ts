/** Chains of numbers in one place of Lua's tables: of chosen ones, and of usual ones. */
import { expect, test } from "vitest";
import { chainMax, haveLongChain, type NumberKey } from "./number-chains.ts";

const max = chainMax.value;
const keys = (count: number, key: (i: number) => NumberKey) =>
  Array.from({ length: count }, (_, i) => key(i + 1));

const chosen: Readonly<Record<string, readonly NumberKey[]>> = {
  "integers in steps of the places": keys(1025, (i) => BigInt(i) * 2047n),
  "negative ones": keys(1025, (i) => BigInt(i - 2000) * 2047n),
  "large ones": keys(1025, (i) => 2n ** 62n + BigInt(i) * 2047n),
  "ones in steps that a table passes as it grows": keys(6000, (i) => BigInt(i) * 2047n),
  "floats that are integers": keys(1025, (i) => i * 2047),
  "floats that differ in their last bits": keys(1025, (i) => 1 + i * 2 ** -50),
  "negative ones of that kind": keys(1025, (i) => -1 - i * 2 ** -50),
  "the largest ones": keys(1025, (i) => Number.MAX_VALUE - i * 2 ** 971),
  "the smallest ones": keys(1025, (i) => (2 ** 44 + i) * 2 ** -1074),
  "a key again and again": keys(1025, () => 7n),
};

test.each(Object.entries(chosen))("%s have one", (_, some) => {
  expect(haveLongChain(some, max)).toBe(true);
  expect(haveLongChain(some.slice(0, max), max)).toBe(false);
});

const usual: Readonly<Record<string, readonly NumberKey[]>> = {
  "all from 1": keys(100_000, BigInt),
  thousands: keys(100_000, (i) => BigInt(i) * 1000n),
  "places of a grid": keys(100_000, (i) => BigInt(i) * 1024n),
  "powers of two": keys(60_000, (i) => BigInt(i) << 20n),
  halves: keys(100_000, (i) => i + 0.5),
  "seconds of a day with a fraction": keys(86_400, (i) => 1_700_000_000 + i + 0.001),
  squares: keys(50_000, (i) => BigInt(i) * BigInt(i)),
};

test.each(Object.entries(usual))("%s have none", (_, some) => {
  expect(haveLongChain(some, max)).toBe(false);
});

test("keys that share a place once the table grows have one", () => {
  const some = keys(1025, (i) => BigInt(i) * 65_535n);
  expect(haveLongChain(some, max)).toBe(true);
});
