/** Tests of a command as a process: what becomes of a run whose output has nowhere to go. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const fixture = fileURLToPath(new URL("./process.fixture.ts", import.meta.url));
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "process-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the fixture as `redirected` says, with exit code 7 of its own; it leaves a file behind. */
function run(redirected: string) {
  const path = join(folder, "results");
  const script = `set -o pipefail; ${redirected}`;
  const command = ["-c", script, process.execPath, fixture, path, "7"];
  const { status, stdout, stderr } = spawnSync("bash", command, { encoding: "utf8" });
  return { status, stdout, stderr, file: readFileSync(path, "utf8") };
}

describe.skipIf(platform() !== "linux")("a run goes on to its end, and its own exit code", () => {
  test.each([
    ["when the reader of its progress goes", '"$0" "$@" 2>&1 >/dev/null | head -1'],
    ["when the reader of its results goes", '"$0" "$@" 2>/dev/null | head -1'],
    ["when the reader of both goes", '"$0" "$@" 2>&1 | head -1'],
    ["when its progress can't be written", '"$0" "$@" 2>/dev/full'],
  ])("%s", (_, redirected) => {
    expect(run(redirected)).toMatchObject({ status: 7, stderr: "", file: "whole" });
  });
});

test.skipIf(platform() !== "linux").each(["build", "setup", "report", "test-native", "bench"])(
  "a help of %s that can't be printed is told: exit 1",
  (script) => {
    const path = fileURLToPath(new URL(`../scripts/${script}.ts`, import.meta.url));
    const command = ["-c", '"$0" "$1" --help >/dev/full', process.execPath, path];
    const { status, stderr } = spawnSync("bash", command, { encoding: "utf8" });
    expect(status).toBe(1);
    expect(stderr).toContain("remedy:");
  },
);

test.skipIf(platform() !== "linux")("results that can't be printed: said once, exit 1", () => {
  const { status, stderr, file } = run('"$0" "$@" >/dev/full');
  expect(status).toBe(1);
  expect(file).toBe("whole");
  expect(stderr.match(/ENOSPC/g)).toHaveLength(1);
  expect(stderr).toContain("remedy:");
  expect(stderr).not.toMatch(/^ {4}at /m);
});
