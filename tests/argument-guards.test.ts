/** The guards of generated arguments: a loop that no side would end is not begun. */
import { readFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { freshCore } from "../harness/fuzz/side.ts";
import type { Core } from "../runtime/core/core.ts";
import { projectInvocation } from "../scripts/command/invocation.fixture.ts";
import { argumentsTarget } from "../suites/arguments/fuzz-target.ts";
import { builtArtifact } from "./built-artifact.fixture.ts";

let core: Core;
beforeAll(async () => {
  const invocation = projectInvocation(new AbortController().signal);
  const { wasmPath } = await builtArtifact("freestanding-small-js-opt", invocation);
  const module = await WebAssembly.compile(new Uint8Array(await readFile(wasmPath)));
  core = await freshCore({ ...argumentsTarget, name: "small", module });
});

function answerOf(call: string): string {
  const result = core.compute(`return run([==[\n${call}\n]==])`);
  return result.ok ? String(result.values[0]).split("\n", 1).join() : String(result.error);
}

const lengths = ["2147483648", '"2147483648"', '" 0x80000000 "', "2147483648.0"];

test.each(lengths)("a sequence whose __len gives %s is not shifted, nor joined", (length) => {
  const sequence = `M(T{1, 2}, { __len = sets(1, ${length}) })`;
  expect(answerOf(`call("table.remove", ${sequence}, 8)`)).toBe("table.remove: skipped");
  expect(answerOf(`call("table.insert", ${sequence}, 8, 1)`)).toBe("table.insert: skipped");
  expect(answerOf(`call("table.concat", ${sequence}, "")`)).toBe("table.concat: skipped");
});

test("a negative length is not counted up to from far below", () => {
  const sequence = "M(T{1, 2}, { __len = sets(1, -5) })";
  expect(answerOf(`call("table.remove", ${sequence}, -0x200000000000)`)).toContain("skipped");
  expect(answerOf(`call("table.insert", ${sequence}, -0x200000000000, 1)`)).toContain("skipped");
});

test("other positions are tried, those that are errors too", () => {
  for (const position of ["1", "0", "-1", "-0x200000000000", "0x200000000000"]) {
    expect(answerOf(`call("table.remove", T{1, 2}, ${position})`)).not.toContain("skipped");
    expect(answerOf(`call("table.insert", T{1, 2}, ${position}, 3)`)).not.toContain("skipped");
  }
});
