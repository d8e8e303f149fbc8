/** The checks themselves: each must hold where it should, and fail where it should. */
import { describe, expect, it } from "vitest";
import { failureOf, type Result } from "../../runtime/instance/result.ts";
import { LuaBytes, LuaFloat } from "../../runtime/scalar/scalars.ts";
import { LuaTable } from "../../runtime/value/values.ts";
import {
  CheckFailure,
  equal,
  fails,
  isTrue,
  isWithin,
  matches,
  notEqual,
  rejects,
  succeeds,
  throws,
} from "./check.ts";

const cyclic = () => {
  const table = new LuaTable([["x", 1]]);
  return table.set("self", table);
};

describe("equal", () => {
  it.each<[string, unknown, unknown]>([
    ["NaN", Number.NaN, Number.NaN],
    ["−0", -0, -0],
    ["bigints", 7n, 7n],
    ["bytes", new Uint8Array([1, 2]), new Uint8Array([1, 2])],
    ["LuaFloats", new LuaFloat(1), new LuaFloat(1)],
    ["LuaBytes", new LuaBytes("a"), new LuaBytes("a")],
    ["arrays", [1, [undefined]], [1, [undefined]]],
    ["objects", { a: { b: 1 } }, { a: { b: 1 } }],
    [
      "tables in another order",
      new LuaTable([
        ["a", 1],
        ["b", 2],
      ]),
      new LuaTable([
        ["b", 2],
        ["a", 1],
      ]),
    ],
    ["cyclic tables", cyclic(), cyclic()],
  ])("holds for %s", (_name, actual, expected) => {
    equal(actual, expected, "it");
    expect(() => notEqual(actual, expected, "it")).toThrow(CheckFailure);
  });

  it.each<[string, unknown, unknown]>([
    ["−0 and 0", -0, 0],
    ["1n and 1", 1n, 1],
    ["a LuaFloat and a number", new LuaFloat(1), 1],
    ["LuaFloats 0 and −0", new LuaFloat(0), new LuaFloat(-0)],
    ["LuaBytes and text", new LuaBytes("a"), "a"],
    ["bytes of other lengths", new Uint8Array([1]), new Uint8Array([1, 2])],
    ["undefined and null", undefined, null],
    ["arrays of other lengths", [1], [1, undefined]],
    ["an absent and an undefined property", {}, { a: undefined }],
    ["other keys", new LuaTable([[1, 1]]), new LuaTable([["1", 1]])],
    ["other values", new LuaTable([[1, 1]]), new LuaTable([[1, new LuaFloat(1)]])],
    ["a table and an object", new LuaTable([["a", 1]]), { a: 1 }],
    ["errors", new Error("a"), new Error("a")],
  ])("fails for %s", (_name, actual, expected) => {
    expect(() => equal(actual, expected, "it")).toThrow(CheckFailure);
    expect(() => equal(expected, actual, "it")).toThrow(CheckFailure);
    notEqual(actual, expected, "it");
  });

  it("shows both sides, shortened", () => {
    expect(() => equal("a".repeat(1000), [new LuaFloat(1), 2n, -0], "the text")).toThrow(
      /^the text: expected \[LuaFloat 1\.0, 2n, -0\], got "a{160}"… \(1000 characters\)$/,
    );
  });
});

describe("the other checks", () => {
  const good: Result = { ok: true, values: [1], output: "", outputBytes: new Uint8Array(0) };
  const bad = failureOf("RUNTIME_FAILED", "on purpose");

  it("hold", async () => {
    isTrue(true, "it");
    isWithin(5, { min: 5, max: 5 }, "it");
    matches("abc", /b/, "it");
    succeeds(good, [1], "it");
    expect(fails(bad, "RUNTIME_FAILED", "it").error).toBe("on purpose");
    const throwing = () => {
      throw new TypeError("t");
    };
    expect(throws(TypeError, throwing, "it").message).toBe("t");
    await rejects(TypeError, Promise.reject(new TypeError("t")), "it");
  });

  it.each<[string, () => unknown]>([
    ["isTrue", () => isTrue(false, "it")],
    ["isWithin below", () => isWithin(4, { min: 5 }, "it")],
    ["isWithin above", () => isWithin(6, { max: 5 }, "it")],
    ["isWithin NaN", () => isWithin(Number.NaN, { min: 0 }, "it")],
    ["matches", () => matches("abc", /x/, "it")],
    ["matches of no text", () => matches(undefined, /undefined/, "it")],
    ["succeeds with other values", () => succeeds(good, [2], "it")],
    ["succeeds with a failure", () => succeeds(bad, [], "it")],
    ["fails with a success", () => fails(good, "RUNTIME_FAILED", "it")],
    ["fails with another code", () => fails(bad, "COMPILE_FAILED", "it")],
    ["throws of nothing", () => throws(TypeError, () => 1, "it")],
    [
      "throws of another class",
      () =>
        throws(
          TypeError,
          () => {
            throw new RangeError("r");
          },
          "it",
        ),
    ],
  ])("fail: %s", (_name, action) => {
    expect(action).toThrow(CheckFailure);
  });

  it("fail: rejects", async () => {
    await expect(rejects(TypeError, Promise.resolve(1), "it")).rejects.toThrow(CheckFailure);
    const other = Promise.reject(new RangeError("r"));
    await expect(rejects(TypeError, other, "it")).rejects.toThrow(CheckFailure);
  });
});
