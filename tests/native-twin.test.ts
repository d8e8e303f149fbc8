/** The native twin as it is built for this machine: that each way to fail is seen. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { provision } from "../harness/build/provision/provision.ts";
import { buildNative } from "../harness/native/build-native.ts";
import { runTwin, type TwinContext, type TwinResult } from "../harness/native/run-twin.ts";
import { nativeLines, nativeTotal } from "../scripts/native/account-text.ts";

const root = fileURLToPath(new URL("../", import.meta.url)).replace(/[\\/]$/, "");
let path = "";
let testsPath = "";

beforeAll(async () => {
  const tools = await provision({ root, environment: process.env, progress: () => {} });
  path = await buildNative("native-lua", { root, tools });
  testsPath = await mkdtemp(join(tmpdir(), "twin-"));
  await mkdir(join(testsPath, "libs"));
  await writeFile(join(testsPath, "probe.lua"), "print('whole')");
});
afterAll(async () => {
  await rm(testsPath, { recursive: true });
});

async function run(program: string, context: Partial<TwinContext> = {}): Promise<TwinResult> {
  const edit: TwinContext["edit"] = (_, bytes) => bytes;
  const tasks = [{ file: "probe", program, lastLine: /^OK$/m }];
  const [result] = await runTwin(tasks, { path, testsPath, edit, ...context });
  if (result === undefined) throw new TypeError("one task has one result");
  return result;
}

describe("a file in the native twin", () => {
  test("passes with upstream's library, our heap's peak and the edited text", async () => {
    const edit: TwinContext["edit"] = (file) => Buffer.from(`print(">>> ${file} <<<")`);
    const program = `assert(T.totalmem() > 0) dofile("probe.lua") s = ("x"):rep(1e6) print("OK")`;
    const result = await run(program, { edit });
    expect(result).toMatchObject({ problem: undefined, messages: ["probe"] });
    expect(result.heapPeakBytes).toBeGreaterThan(1_000_000);
    expect(result.heapPeakBytes).toBeLessThan(2_200_000);
  });

  test.each([
    ["an error", "error('broken')", /it failed[\s\S]*broken/],
    ["an early end", "print('O' .. 'KO')", /it returned before its end/],
    ["a crash", "print('OK') os.execute('kill -SEGV $PPID')", /it failed/],
    ["blocks that are left", "print('OK') os.exit(0, false)", /it failed[\s\S]*numblocks == 0/],
  ])("fails by %s", async (_, program, problem) => {
    expect((await run(program)).problem).toMatch(problem);
  });

  test("that never ends is ended, and so is a run that is interrupted", async () => {
    const endless = await run("while true do end", { limitMs: 500 });
    expect(endless.problem).toMatch(/it took more than 500 ms/);
    const stop = new AbortController();
    const interrupted = run("while true do end", { signal: stop.signal });
    setTimeout(() => stop.abort(new Error("stop")), 200);
    await expect(interrupted).rejects.toThrow("stop");
    const folders = await readdir(tmpdir());
    expect(folders.filter((name) => name.startsWith("lua-native-"))).toEqual([]);
  });

  test("sees our numbers, our dates and our limits", async () => {
    const program = `
      assert(string.format("%.3a|%5.1f|%.0f|%-6d|%g", 1, 0.25, 0.75, 7, 1e300)
        == "0x1.000p+0|  0.2|1|7     |1e+300")
      assert(os.date("!%c", 0) == "Thu Jan  1 00:00:00 1970" and os.setlocale("pt_BR") == nil)
      assert(not pcall(string.rep, "x", 1 << 29))
      local depth = 0
      local function dive() depth = depth + 1 return 1 + dive() end
      pcall(dive)
      assert(depth > 14900 and depth < 15000, depth)
      print("OK")`;
    expect((await run(program)).problem).toBeUndefined();
  });
});

describe("the table", () => {
  const account = [
    { file: "a", run: "whole" },
    { file: "b", run: "cut", cuts: [{ why: "no system" }, { why: "too large" }] },
    { file: "c", run: "not-run", reason: "a module" },
  ] as const;
  const passed = { problem: undefined, durationMs: 1.4, heapPeakBytes: 4096, messages: ["no x"] };

  test("says how each file ran", () => {
    const results = [
      { file: "a", ...passed },
      { file: "b", ...passed, messages: [] },
    ];
    expect(nativeLines(account, results)).toEqual([
      "file  run      cuts  ms  heap peak KB",
      "a     whole           1             4  its own words: no x",
      "b     cut         2   1             4  cut: no system; cut: too large",
      "c     not run                          a module",
    ]);
    expect(nativeTotal(account, results)).toBe(
      "3 of 3 files accounted for: 1 run whole, 1 with cuts (2 blocks), " +
        "1 not runnable (reasons above)",
    );
  });

  test("counts no file that failed or is missing", () => {
    const failed = [{ file: "a", ...passed, problem: "it failed" }];
    expect(nativeLines(account, failed)[1]).toMatch(/^a {5}FAILED/);
    expect(nativeTotal(account, failed)).toMatch(/^1 of 3 files accounted for: 0 run whole, 0 /);
  });
});
