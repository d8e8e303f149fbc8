/** The judges of the suite `stdlib`, on known values: a wrong judge would let anything pass. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { argumentsOf } from "./arguments.ts";
import { bitsOf, doubles } from "./doubles.ts";
import { exactFunctions, ulpsOff } from "./exact-functions.ts";
import { exactBits } from "./exact-numeral.ts";
import { lines } from "./fuzz-cases.ts";
import { stdlibTarget } from "./fuzz-target.ts";
import { numerals } from "./numerals.ts";

/** 40 digits of each, from tables; compared with what BigInt arithmetic makes. */
const known: readonly (readonly [keyof typeof exactFunctions, number, number, string])[] = [
  ["atan", 1, 1, "0.7853981633974483096156608458198757210492"],
  ["exp", 1, 0, "2.7182818284590452353602874713526624977572"],
  ["log", 2, 0, "0.6931471805599453094172321214581765680755"],
  ["log2", 10, 0, "3.3219280948873623478703194294893901758648"],
  ["log10", 2, 0, "0.3010299956639811952137388947244930267682"],
  ["sin", 1, 0, "0.8414709848078965066525023216302989996225"],
  ["cos", 1, 0, "0.5403023058681397174009366074429766037323"],
  ["tan", 1, 0, "1.5574077246549022305069748074583601730872"],
  ["asin", 0.5, 0, "0.5235987755982988730771072305465838140328"],
  ["acos", 0.5, 0, "1.0471975511965977461542144610931676280657"],
  ["pow", 2, 0.5, "1.4142135623730950488016887242096980785696"],
];

it.each(known)("%s of %d, %d has 40 right digits", (name, x, y, text) => {
  const { value, bits } = exactFunctions[name](x, y);
  const scaled = (value * 10n ** 40n) >> BigInt(bits);
  const difference = scaled - BigInt(text.replace(".", ""));
  expect(difference === 0n || difference === 1n || difference === -1n).toBe(true);
});

it("measures the distance in units of the last place", () => {
  const third = { value: (1n << 300n) / 3n, bits: 300 };
  expect(ulpsOff(1 / 3, third)).toBeCloseTo(1 / 3, 6);
  expect(ulpsOff(1 / 3 + 2 ** -54, third)).toBeCloseTo(2 / 3, 6);
  expect(ulpsOff(-1 / 3, third)).toBeGreaterThan(2 ** 53);
  expect(ulpsOff(5e-324, { value: 1n, bits: 1075 })).toBe(0.5);
  expect(ulpsOff(Infinity, { value: 1n << 1025n, bits: 0 })).toBe(0);
  expect(ulpsOff(Number.MAX_VALUE, { value: 1n << 1025n, bits: 0 })).toBe(Infinity);
});

it("reads decimal numerals as the engine does, which is exact", () => {
  for (const text of fc.sample(numerals, { seed: 3, numRuns: 3_000 })) {
    if (!/^[-+]?\d*\.?\d+(?:[eE][-+]?\d{1,3})?$/.test(text)) continue;
    expect(exactBits(text), text).toBe(bitsOf(Number(text)));
  }
  for (const bits of fc.sample(doubles, { seed: 3, numRuns: 500 })) {
    expect(bits >= 0n && bits < 1n << 64n).toBe(true);
  }
});

it("reads hexadecimal numerals, ties to even", () => {
  expect(exactBits("0x1.00000000000008")).toBe(bitsOf(1));
  expect(exactBits("0x1.00000000000018p0")).toBe(bitsOf(1 + 2 ** -51));
  expect(exactBits("-0x.8P+1")).toBe(bitsOf(-1));
  expect(exactBits("0x1p-1075")).toBe(0n);
  expect(exactBits("0x1.0001p-1075")).toBe(1n);
  expect(exactBits("0x1p1024")).toBe(bitsOf(Infinity));
  expect(() => exactBits("1e")).toThrow(RangeError);
});

it("draws arguments from a seed, of every function", () => {
  expect(Object.keys(argumentsOf)).toEqual(Object.keys(exactFunctions));
});

it("generates every kind of case, each on one line, and no fewer than it counts", () => {
  const drawn = fc.sample(fc.noBias(lines), { seed: 1, numRuns: 5_000 });
  for (const call of ["format(", "back(", "numeral(", "call(os.date", "time{", "packed("]) {
    expect(drawn.some((line) => line.startsWith(call))).toBe(true);
  }
  for (const letter of "diuoxXceEfgGaAsqp") {
    expect(drawn.some((line) => new RegExp(`^format\\("%[^"]*${letter}"`).test(line))).toBe(true);
  }
  expect(drawn.every((line) => /^[ -~]+$/.test(line))).toBe(true);
  const programs = fc.sample(stdlibTarget.programs, { seed: 1, numRuns: 200 });
  const count = programs.reduce((sum, program) => sum + program.split("\n").length - 1, 0);
  expect(count).toBeGreaterThanOrEqual(programs.length * stdlibTarget.casesPerProgram);
});
