/** Cases on the functions of `math`: within 1 ulp of exact values, and the same bits everywhere. */

import { randomOf } from "../../harness/statistics/random.ts";
import type { Figures } from "../../harness/suite/case.ts";
import { CheckFailure, equal, isTrue, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import type { Core } from "../../runtime/core/core.ts";
import { LuaBytes } from "../../runtime/scalar/scalars.ts";
import { type Arguments, anyPair, argumentsOf } from "./arguments.ts";
import { exactFunctions, type FunctionName, ulpsOff } from "./exact-functions.ts";

/** Applies a function to many pairs at once: they come and go as the bytes of their doubles. */
const apply = `
local functions = {
  log2 = function(x) return math.log(x, 2) end,
  log10 = function(x) return math.log(x, 10) end,
  log = function(x) return math.log(x) end,
  pow = function(x, y) return x ^ y end,
}
function apply(name, bytes)
  local applied, results = functions[name] or math[name], {}
  for at = 1, #bytes, 16 do
    results[#results + 1] = string.pack("<d", applied(string.unpack("<dd", bytes, at)))
  end
  return table.concat(results)
end`;

const pairsPerCall = 2_000;

/** The results as bytes, little-endian; all NaNs as one, for their bits are the machine's. */
function applied(core: Core, name: string, pairs: readonly Arguments[]): DataView<ArrayBuffer> {
  const results = new DataView(new ArrayBuffer(8 * pairs.length));
  for (let start = 0; start < pairs.length; start += pairsPerCall) {
    const some = pairs.slice(start, start + pairsPerCall);
    const operands = new DataView(new ArrayBuffer(16 * some.length));
    for (const [index, [x, y]] of some.entries()) {
      operands.setFloat64(16 * index, x, true);
      operands.setFloat64(16 * index + 8, y, true);
    }
    const bytes = new LuaBytes(new Uint8Array(operands.buffer));
    const [value] = succeeded(core.call("apply", name, bytes), name).values;
    isTrue(value instanceof LuaBytes, `${name}: the results come as bytes`);
    const answered = new DataView(value.toBytes().buffer);
    equal(answered.byteLength, 8 * some.length, `${name}: bytes of results`);
    for (let index = 0; index < some.length; index += 1) {
      const result = answered.getFloat64(8 * index, true);
      results.setFloat64(8 * (start + index), Number.isNaN(result) ? Number.NaN : result, true);
    }
  }
  return results;
}

function draw(seed: number, count: number, one: (random: () => number) => Arguments) {
  const random = randomOf(seed);
  return Array.from({ length: count }, () => one(random));
}

function isName(name: string): name is FunctionName {
  return Object.hasOwn(exactFunctions, name);
}

const names = Object.keys(exactFunctions).filter(isName);

/** The largest distance of each function from exact values, in units in the last place. */
function measureUlps(core: Core, seed: number, count: number): Figures {
  const figures: Record<string, number> = {};
  for (const name of names) {
    const pairs = draw(seed, count, argumentsOf[name]);
    const results = applied(core, name, pairs);
    let most = 0;
    for (const [index, [x, y]] of pairs.entries()) {
      if (x === 0) continue; // Its result is exact: a row of stdlib/function-specials.
      const result = results.getFloat64(8 * index, true);
      const off = ulpsOff(result, exactFunctions[name](x, y));
      // Not "off > 1": a NaN is off by NaN.
      if (!(off <= 1)) {
        throw new CheckFailure(`${name}(${x}, ${y}) is ${result}, which is off by ${off} ulp`);
      }
      most = Math.max(most, off);
    }
    figures[`${name}UlpMax`] = Number(most.toFixed(3));
  }
  return figures;
}

const sameBitsCount = 10_000;

/** The first bytes of SHA-256 over the results of fixed arguments. */
const golden: Readonly<Record<string, string>> = {
  sin: "7af40008dc4a9053",
  cos: "6d1f7ff3080b521c",
  tan: "8cb410100362d537",
  asin: "3edd3caddd027f04",
  acos: "29eca4885af8a080",
  atan: "9ebf12c5352f22fa",
  exp: "6b84356364e2d726",
  log: "697753c3e5ed98a9",
  log2: "8249a2b1dca3d8f8",
  log10: "9ee8e4a46d300c33",
  pow: "fe4800de908e9dea",
  fmod: "88dc76cc652d9d7c",
  sqrt: "54f76a6844f214fd",
};

/** The digests that `golden` holds, as they are on one core. */
async function digests(core: Core): Promise<Readonly<Record<string, string>>> {
  succeeded(core.compute(apply), "apply");
  const found: Record<string, string> = {};
  for (const name of names) {
    found[name] = await digestOf(applied(core, name, draw(5, sameBitsCount, argumentsOf[name])));
  }
  for (const name of ["fmod", "sqrt"]) {
    found[name] = await digestOf(applied(core, name, draw(5, sameBitsCount, anyPair)));
  }
  return found;
}

async function digestOf(results: DataView<ArrayBuffer>): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", results.buffer));
  return [...bytes.slice(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const specials: readonly (readonly [code: string, text: string])[] = [
  ["math.sin(0.0), math.sin(-0.0), math.tan(-0.0), math.asin(-0.0)", "0.0 -0.0 -0.0 -0.0"],
  ["math.cos(0.0), math.acos(1.0), math.exp(-0.0), math.log(1.0)", "1.0 0.0 1.0 0.0"],
  ["math.sin(1/0), math.cos(-1/0), math.tan(1/0)", "nan nan nan"],
  ["math.asin(1.0000000000000002), math.acos(-1.0000000000000002)", "nan nan"],
  ["math.exp(1/0), math.exp(-1/0), math.exp(1000), math.exp(-1000)", "inf 0.0 inf 0.0"],
  ["math.log(0.0), math.log(-0.0, 2), math.log(-1), math.log(1/0, 10)", "-inf -inf nan inf"],
  [
    "math.log(8, 2), math.log(1000, 10), math.log(27, 3), math.log(2^-1074, 2)",
    "3.0 3.0 3.0 -1074.0",
  ],
  [
    "math.atan(0.0, -1), math.atan(-0.0, -1), math.atan(1, 0)",
    "3.1415926535898 -3.1415926535898 1.5707963267949",
  ],
  [
    "math.atan(1/0, 1/0), math.atan(-0.0), math.atan(-1/0)",
    "0.78539816339745 -0.0 -1.5707963267949",
  ],
  ["2^10, 2^-1074 > 0, 2^1024, 10^-400, 0^0", "1024.0 true inf 0.0 1.0"],
  ["(-8)^(1/3), (-2)^3, (-0.0)^-3, (-0.0)^-2, (1/0)^-1", "nan -8.0 -inf inf 0.0"],
  ["1^(0/0), (0/0)^0, (-1)^(1/0), 0.5^(-1/0)", "1.0 1.0 1.0 inf"],
  ["math.sqrt(-1), math.sqrt(-0.0), math.sqrt(2^-1074)", "nan -0.0 2.2227587494851e-162"],
  ["math.fmod(-6, 4), math.fmod(6.5, -4), math.fmod(1, 1/0)", "-2 2.5 1.0"],
  ["math.fmod(1, 0.0), math.fmod(1/0, 1), -6 % 4, 6 % -4, -6 % (1/0)", "nan nan 2 -2 inf"],
  ["math.fmod(math.mininteger, -1), math.mininteger // -1, 5 // 0.0", "0 -9223372036854775808 inf"],
  ["math.modf(-3.5), math.modf(1/0), math.modf(5)", "-3 inf 5 0.0"],
  [
    "math.ceil(-0.5), math.floor(-0.5), math.floor(2^62), math.floor(1e300)",
    "0 -1 4611686018427387904 1e+300",
  ],
];

export const functions = [
  defineCase({
    id: "stdlib/functions-within-1-ulp",
    title: "sin cos tan asin acos atan exp log log2 log10 ^: at most 1 ulp from exact values",
    run: async ({ load, seed }) => {
      const core = await load({ strings: "bytes" });
      succeeded(core.compute(apply), "apply");
      return measureUlps(core, seed, 500);
    },
  }),
  defineCase({
    id: "stdlib/functions-within-1-ulp-at-length",
    title: "The same over 50,000 arguments for each function",
    tier: "exhaustive",
    limitMs: 300_000,
    run: async ({ load, seed }) => {
      const core = await load({ strings: "bytes" });
      succeeded(core.compute(apply), "apply");
      return measureUlps(core, seed, 50_000);
    },
  }),
  defineCase({
    id: "stdlib/functions-same-bits",
    title: "10,000 results of each function have the same bits on every variant",
    run: async ({ load }) => {
      const core = await load({ strings: "bytes" });
      for (const [name, digest] of Object.entries(await digests(core))) {
        equal(digest, golden[name], `the digest of ${name}`);
      }
    },
  }),
  defineCase({
    id: "stdlib/function-specials",
    title: "Zeros with their signs, infinities, NaN and what is out of a function's domain",
    run: async ({ load }) => {
      const core = await load();
      succeeded(
        core.compute(`function texts(...)
          local t = table.pack(...)
          for i = 1, t.n do t[i] = (tostring(t[i]):gsub("^-nan", "nan")) end
          return table.concat(t, " ")
        end`),
        "texts",
      );
      for (const [code, text] of specials) succeeds(core.compute(`texts(${code})`), [text], code);
    },
  }),
];
