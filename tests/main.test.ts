/** Tests of the commands that need no build: what they print, and how wrong use is answered. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { recordedInvocation } from "../scripts/command/invocation.fixture.ts";
import { main } from "../scripts/matrix/main.ts";
import { suites } from "../suites/index.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "matrix-cli-"));
  mkdirSync(join(root, "reports"));
  writeFileSync(join(root, "reports/budgets.json"), '{"schema":1,"limits":[]}');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function matrix(commandLine: string) {
  const { invocation, out, err } = recordedInvocation(commandLine, {
    root,
    environment: process.env,
    nodePath: process.execPath,
    nodeVersion: process.versions.node,
  });
  const exitCode = await main(invocation);
  return { exitCode, out: out(), err: err() };
}

describe("what is printed", () => {
  test("list: all variants and suites, as text and as JSON", async () => {
    const { out, exitCode } = await matrix("list");
    expect(exitCode).toBe(0);
    expect(out).toContain("48 variants");
    expect(out).toContain("scenarios");
    const listed: unknown = JSON.parse((await matrix("list --json")).out);
    expect(listed).toMatchObject({ excluded: [], suites: suites.map(({ name }) => ({ name })) });
  });

  test("--plan: what would be run, and nothing is", async () => {
    const { out, exitCode } = await matrix("--plan --quick --suite scenarios");
    expect(exitCode).toBe(0);
    expect(out).toMatch(/in all {4}4 variants, 4 cells, \d+ cases/);
    const everywhere = suites.filter(({ spread }) => spread === "every-variant").length;
    const cells = 48 * everywhere + 8 * (suites.length - everywhere);
    expect((await matrix("--plan")).out).toContain(`in all    48 variants, ${cells} cells`);
    const shard = await matrix("--plan --shard 2/24");
    expect(shard.out).toContain("in all    2 variants");
  });

  test("an empty shard and a last run without failures are no mistakes", async () => {
    expect(await matrix("--shard 30/30")).toMatchObject({ exitCode: 0 });
    mkdirSync(join(root, "reports/latest"), { recursive: true });
    writeFileSync(join(root, "reports/latest/records.jsonl"), "");
    const nothing = await matrix("--failed");
    expect(nothing).toMatchObject({ exitCode: 0, err: "" });
    expect(nothing.out).toContain("no case of a suite failed");
  });

  test("clean: how much was removed", async () => {
    mkdirSync(join(root, ".cache/deep"), { recursive: true });
    writeFileSync(join(root, ".cache/deep/file"), "x".repeat(2_000_000));
    const { out } = await matrix("clean");
    expect(out).toContain(".cache/ removed: 2.0 MB");
    expect((await matrix("clean")).out).toContain("0.0 MB");
  });
});

describe("wrong use: exit code 2, what there is instead, and no stack", () => {
  test.each([
    ["--quik", "--quik"],
    ["--filter optimise=ReleaseSmall", "optimize"],
    ["--filter optimize=Small,unwind=sjlj", "exnref"],
    ["--quick --filter target=wasi,optimize=ReleaseSmall", "freestanding-small-js-opt"],
    ["--engine netscape", "node"],
    ["--suite scenario", "scenarios"],
    ["--failed", "npm run matrix"],
    ["--wasm no-such.wasm", "no-such.wasm"],
    ["--baseline no-such.jsonl", "no-such.jsonl"],
    ["repro nonsense", "variant/engine/suite"],
    ["repro freestanding-small-js-opt/node/scenarios/t9", "t1-as-written"],
    ["repro freestanding-tiny-js-opt/node/scenarios", "freestanding-small-js-opt"],
  ])("%s", async (commandLine, words) => {
    const { exitCode, out, err } = await matrix(commandLine);
    expect(err).toContain(words);
    expect(err).toContain("--help");
    expect(err).not.toMatch(/^ {4}at /m);
    expect(out).toBe("");
    expect(exitCode).toBe(2);
  });

  test("a wasm that is none, and one that is damaged", async () => {
    writeFileSync(join(root, "text.wasm"), "not a wasm");
    expect((await matrix("--wasm text.wasm")).exitCode).toBe(2);
    writeFileSync(join(root, "empty.wasm"), new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
    const { exitCode, err } = await matrix("--wasm empty.wasm");
    expect(exitCode).toBe(2);
    expect(err).toContain("empty.wasm");
  });
});

test("damaged records are told with file and line, and without a stack", async () => {
  mkdirSync(join(root, "reports/latest"), { recursive: true });
  writeFileSync(join(root, "reports/latest/records.jsonl"), '{"kind":"nonsense"}\n{}\n');
  const { exitCode, err } = await matrix("--failed");
  expect(exitCode).toBe(1);
  expect(err).toContain("records.jsonl:1");
  expect(err).not.toMatch(/^ {4}at /m);
});
