/** Tests of what results are checked by. */
import { expect, test } from "vitest";
import type { Result } from "../../runtime/instance/result.ts";
import { LuaFloat } from "../../runtime/scalar/scalars.ts";
import { LuaTable, type LuaValue } from "../../runtime/value/values.ts";
import { digestOf, firstValueOf } from "./reading.ts";
import { BenchError } from "./subject.ts";

function success(values: readonly LuaValue[], output = ""): Result {
  return { ok: true, values, output, outputBytes: new TextEncoder().encode(output) };
}

const failure: Result = {
  ...{ ok: false, code: "RUNTIME_FAILED", error: "no" },
  ...{ output: "", outputBytes: new Uint8Array() },
};

test("the first value is the result; a failure is an error with its code", () => {
  expect(firstValueOf(success([7, 8]))).toBe(7);
  expect(() => firstValueOf(failure)).toThrow(new BenchError("RUNTIME_FAILED: no"));
  expect(() => digestOf(failure)).toThrow(BenchError);
});

test("a digest tells values in tables, numbers, texts and output apart", () => {
  const record = (name: string, share: number) =>
    new LuaTable([
      ["name", name],
      ["share", new LuaFloat(share)],
    ]);
  const digest = (name: string, share: number, output: string) =>
    digestOf(success([2, new LuaTable([[1, record(name, share)]])], output));
  expect(digest("ab", 3, "x\n")).toBe("8 values, sum 6, 11 characters, output 2 bytes, sum 130");
  const digests = [digest("ab", 3, "x\n"), digest("abc", 3, "x\n"), digest("ab", 4, "x\n")];
  digests.push(digest("ab", 3, "y\n"), digest("ab", 3, "\nx\n"));
  expect(new Set(digests).size).toBe(digests.length);
});
