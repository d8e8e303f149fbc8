/** Tests of the revision: what it is, and what is said where git refuses to read a checkout. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { revisionOf } from "./machine.ts";

let root = "";
let told: string[] = [];
const tell = (line: string): void => void told.push(line);

beforeEach(() => {
  told = [];
  root = mkdtempSync(join(tmpdir(), "revision it's "));
  // What is configured where the test runs is not to matter.
  vi.stubEnv("GIT_CONFIG_GLOBAL", join(root, "config"));
  writeFileSync(join(root, "config"), "[user]\nname = a\nemail = a@b.c\n");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

function git(...args: readonly string[]): void {
  execFileSync("git", ["-C", root, ...args], { stdio: "ignore" });
}

test("is the commit, with a plus where files differ, and nothing outside git", async () => {
  expect(await revisionOf(root, tell)).toBeUndefined();
  git("init");
  git("add", ".");
  git("commit", "-m", "first");
  expect(await revisionOf(root, tell)).toMatch(/^[0-9a-f]{12}$/);
  writeFileSync(join(root, "new"), "");
  expect(await revisionOf(root, tell)).toMatch(/^[0-9a-f]{12}\+$/);
  expect(told).toEqual([]);
});

test("of another user's checkout is told with the command that mends it, which does", async () => {
  git("init");
  git("add", ".");
  git("commit", "-m", "first");
  vi.stubEnv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
  expect(await revisionOf(root, tell)).toBeUndefined();
  expect(told).toHaveLength(1);
  expect(told[0]).toContain(root);
  const remedy = /to mend it: (git config --global --add safe\.directory .+)$/.exec(told[0] ?? "");
  execFileSync("sh", ["-c", remedy?.[1] ?? "false"]);
  expect(await revisionOf(root, tell)).toMatch(/^[0-9a-f]{12}\+$/);
});
