/** Tests of words for a shell: each comes out of a real one as it went in. */
import { execFileSync } from "node:child_process";
import { platform } from "node:os";
import { expect, test } from "vitest";
import { npmRun, shellWord } from "./shell-word.ts";

const words = [
  "a b.wasm",
  "it's",
  'a "b"',
  "$HOME",
  "a\\b",
  "é",
  "~",
  "*",
  "a#1",
  "%25",
  "a;b",
  "",
  "!",
];

test.skipIf(platform() === "win32").each(words)("%j is one word of a shell", (word) => {
  const printed = execFileSync("sh", ["-c", `printf '%s\\n' ${shellWord(word)}`]);
  expect(printed.toString()).toBe(`${word}\n`);
});

test("a command has quotes where a shell needs them, and no -- without arguments", () => {
  expect(npmRun("matrix", [])).toBe("npm run matrix");
  expect(npmRun("matrix", ["--wasm", "a b.wasm"])).toBe("npm run matrix -- --wasm 'a b.wasm'");
});
