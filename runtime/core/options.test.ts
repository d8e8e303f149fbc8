/** Each option of loadCore: what is taken, and how what is not is refused. */
import { readFile } from "node:fs/promises";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { UsageError } from "../check/errors.ts";
import { libraryNames } from "../instance/configuration.ts";
import { defaultQuota } from "../table/quota.ts";
import { readCoreOptions } from "./options.ts";

const messageFor = (options: unknown): string => {
  try {
    readCoreOptions(options);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return String(error);
  }
  return "taken";
};

/** What can't be looked at: `instanceof` of it throws. */
const evil = new Proxy({}, { getPrototypeOf: thrower, get: thrower });
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();

function thrower(): never {
  throw new RangeError("evil");
}

function throwing(thrown: unknown): object {
  return {
    get seed() {
      throw thrown;
    },
  };
}

describe("options", () => {
  it("that can't be read say so, whatever their getters throw", () => {
    for (const thrown of [evil, revoked, new RangeError("evil"), undefined]) {
      expect(messageFor(throwing(thrown))).toMatch(/options of loadCore can't be read/);
    }
  });

  it.each<[unknown]>([
    [{}],
    [{ seed: undefined, quota: undefined, modules: undefined, input: undefined }],
    [{ libraries: libraryNames, bytecode: "trusted", traceback: false }],
    [{ seed: -0 }],
    [{ seed: 2 ** 53 }],
    [{ seed: -(2 ** 63) }],
    [{ seed: 2n ** 63n - 1n }],
    [{ heapLimitBytes: 1 }],
    [{ heapLimitBytes: 2 * 1024 * 1024, failAllocation: 4_294_967_295 }],
    [{ quota: {} }],
    [{ quota: { maxBytes: 0, maxEntries: Infinity } }],
    [{ modules: { m: "return 1", n: new Uint8Array(1) } }],
    [{ modules: Object.assign(Object.create(null), { m: "" }) }],
    [{ modules: new Map([["m", "return 1"]]) }],
    [{ modules: runInNewContext("new Map([['m', 'return 1']])") }],
    [{ modules: () => undefined }],
    [{ input: "" }],
    [{ input: runInNewContext("new Uint8Array(1)") }],
    [{ input: () => undefined, onOutput: () => {}, time: () => 0, clock: () => 0 }],
    [{ integers: "bigint", strings: "bytes" }],
  ])("take %o", (options) => {
    expect(messageFor(options)).toBe("taken");
  });

  it.each<[unknown, RegExp]>([
    [null, /options of loadCore are an object, not null/],
    [5, /not 5/],
    [{ libraries: [] }, /libraries is at least one of base, coroutine, .*utf8$/],
    [{ libraries: ["base", "nothing"] }, /libraries is at least one of .*, not "nothing"/],
    [{ libraries: [5] }, /libraries .*, not 5/],
    [{ libraries: "base" }, /libraries is an array of names, not "base"/],
    [{ bytecode: "binary" }, /bytecode is "text" or "trusted", not "binary"/],
    [{ traceback: 1 }, /traceback is true or false, not 1/],
    [{ seed: 1.5 }, /seed is an integer from -2\^63 to 2\^63 - 1, not 1\.5/],
    [{ seed: Number.NaN }, /seed .* not NaN/],
    [{ seed: 2 ** 63 }, /seed .* not 9223372036854775808|not 9223372036854776000/],
    [{ seed: 2n ** 63n }, /seed .* not 9223372036854775808n/],
    [{ seed: "1" }, /seed .* not "1"/],
    [{ heapLimitBytes: 0 }, /heapLimitBytes is an integer from 1 to 2097152, not 0/],
    [{ heapLimitBytes: 2_097_153 }, /heapLimitBytes .* not 2097153/],
    [{ heapLimitBytes: -5 }, /heapLimitBytes .* not -5/],
    [{ heapLimitBytes: 1e5 + 0.5 }, /heapLimitBytes .* not 100000\.5/],
    [{ failAllocation: -1 }, /failAllocation is an integer from 1 to 4294967295, not -1/],
    [{ failAllocation: 2 ** 32 }, /failAllocation .* not 4294967296/],
    [{ quota: 5 }, /quota is an object of maxBytes, maxEntries, .*not 5/],
    [{ quota: { maxBytes: -1 } }, /quota\.maxBytes is a number from 0 on, not -1/],
    [{ quota: { maxEntries: Number.NaN } }, /quota\.maxEntries .* not NaN/],
    [{ quota: { maxIterators: -1 } }, /quota\.maxIterators .* not -1/],
    [
      { quota: { maxOutputBytes: Infinity } },
      /quota\.maxOutputBytes is a number from 0 to 268435456/,
    ],
    [{ quota: { maxEntries: "9" } }, /quota\.maxEntries .* not "9"/],
    [{ modules: "m" }, /modules is a Map or an object from name to source, .*not "m"/],
    [{ modules: ["m"] }, /modules .* not an array/],
    [{ modules: new Set() }, /modules .* not an object of class Set/],
    [{ modules: { m: 5 } }, /modules: the source of module "m" is a text or bytes.* not 5/],
    [{ modules: new Map([["m", null]]) }, /source of module "m" .* not null/],
    [{ input: 5 }, /input is a text, bytes \(a Uint8Array\) or a function, not 5/],
    [{ input: null }, /input .* not null/],
    [{ input: new ArrayBuffer(1) }, /input .* not an object of class ArrayBuffer/],
    [{ onOutput: "console" }, /onOutput is a function, not "console"/],
    [{ time: 0 }, /time is a function, not 0/],
    [{ clock: {} }, /clock is a function, not a plain object/],
    [{ integers: "float" }, /integers is "number" or "bigint", not "float"/],
    [{ strings: Symbol("s") }, /strings is "text" or "bytes", not Symbol\(s\)/],
  ])("refuse %o", (options, message) => {
    expect(messageFor(options)).toMatch(message);
  });
});

it("has the limits that docs/IMPLEMENTATION.md tells where none are given", async () => {
  const path = new URL("../../docs/IMPLEMENTATION.md", import.meta.url);
  const rows = (await readFile(path, "utf8")).matchAll(/^ +\| `(max\w+)` \| ([^|]+) \|/gm);
  const numberOf = (text: string): number => {
    const [figure = "", unit] = text.replaceAll(",", "").split(" ");
    if (figure === "none") return Infinity;
    return Number(figure) * (unit === "MiB" ? 1024 * 1024 : 1);
  };
  const told = [...rows].map(([, name, text = ""]) => [name, numberOf(text)]);
  expect(Object.fromEntries(told)).toEqual(defaultQuota);
});
