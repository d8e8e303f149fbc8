/** The native twin under Valgrind: what is wrong with memory is reported, what is right is not. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { provision } from "../harness/build/provision/provision.ts";
import { buildNative } from "../harness/native/build-native.ts";
import { findMemcheck } from "../harness/native/memcheck.ts";
import { runTwin } from "../harness/native/run-twin.ts";

const root = fileURLToPath(new URL("../", import.meta.url)).replace(/[\\/]$/, "");
const limitMs = 300_000;
const found = await findMemcheck({ root, environment: process.env });

test("without Valgrind the remedy is told", async () => {
  const environment = { ...process.env, VALGRIND: "/nowhere/valgrind" };
  const { state, ...rest } = await findMemcheck({ root, environment });
  expect(state).toBe("unsupported");
  expect(JSON.stringify(rest)).toMatch(/nowhere.*apt-get install valgrind/);
});

describe.skipIf(found.state !== "found")("under Valgrind, skipped without one", () => {
  let path = "";
  let testsPath = "";

  beforeAll(async () => {
    const tools = await provision({ root, environment: process.env, progress: () => {} });
    path = await buildNative("native-lua-memcheck", { root, tools });
    testsPath = await mkdtemp(join(tmpdir(), "memcheck-"));
  });
  afterAll(async () => await rm(testsPath, { recursive: true }));

  // T.s2d reads eight bytes of a string, whether it has them or not.
  test.each([
    [8, /^none$/],
    [3, /Valgrind reports:\n[\s\S]*Invalid read of size 8/],
    [0, /Valgrind reports:\n[\s\S]*inside a block of size \d+ alloc/],
  ])("eight bytes of a string of %d", async (length, said) => {
    if (found.state !== "found") throw new TypeError("it was skipped");
    const program = `T.s2d(("x"):rep(${length})) print("OK")`;
    const tasks = [{ file: "probe", program, lastLine: /^OK$/m }];
    const context = { path, memcheck: found.memcheck, testsPath, limitMs };
    const [result] = await runTwin(tasks, { ...context, edit: (_, bytes) => bytes });
    expect(result?.problem ?? "none").toMatch(said);
  });
});
