/** Which line of a tool's output is shown when a build fails. */
import { expect, test } from "vitest";
import { firstError } from "./first-error.ts";

test.each([
  [
    "Zig",
    "core\n+- compile exe core\n/p/zig/core/root.zig:6:2: error: expected ';'\n    const a = 1\n" +
      "     ^\n/p/zig/b.zig:1:1: error: other\nerror: 2 compilation errors\n",
    "zig/core/root.zig:6:2: error: expected ';' — const a = 1",
  ],
  [
    "clang's fatal error",
    "warning: x\n/p/.tools/lua/lapi.c:9:10: fatal error: 'a.h' file not found\n#include <a.h>\n",
    ".tools/lua/lapi.c:9:10: fatal error: 'a.h' file not found",
  ],
  [
    "the linker",
    "error: wasm-ld: /p/.cache/o/liolib.o: undefined symbol: tmpfile\n",
    "error: wasm-ld: .cache/o/liolib.o: undefined symbol: tmpfile",
  ],
  [
    "Binaryen",
    "[parse exception: bad magic (at 0:0)]\nFatal: error parsing wasm\n",
    "[parse exception: bad magic (at 0:0)]",
  ],
  ["nothing that looks like one", "all went well\n", undefined],
])("finds the first error of %s", (_, log, expected) => {
  expect(firstError(log, "/p")).toBe(expected);
});
