/** The examples of the documents, run on a really built core: what they say comes out. */
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadCore } from "../runtime/index.ts";
import { projectInvocation } from "../scripts/command/invocation.fixture.ts";
import { builtArtifact } from "./built-artifact.fixture.ts";

const stop = new AbortController();
const invocation = projectInvocation(stop.signal);
const { root } = invocation;
let folder: string;
let wasm: Buffer;

beforeAll(async () => {
  const { wasmPath } = await builtArtifact("freestanding-small-js-opt", invocation);
  wasm = readFileSync(wasmPath);
  folder = mkdtempSync(join(tmpdir(), "examples-"));
  copyFileSync(wasmPath, join(folder, "core.wasm"));
  symlinkSync(join(root, "runtime"), join(folder, "runtime"), "junction");
});
afterAll(() => {
  stop.abort();
  rmSync(folder, { recursive: true, force: true });
});

function blocksOf(path: string, language: string): readonly string[] {
  const text = readFileSync(join(root, path), "utf8");
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].flatMap(([, name, code = ""]) =>
    name === language ? [code] : [],
  );
}

function blockOf(path: string, holds: string): string {
  const block = blocksOf(path, "ts").find((code) => code.includes(holds));
  if (block === undefined) throw new Error(`${path} has no example with ${holds}`);
  return block;
}

/** As a program of its own, in a folder with the library and a wasm. */
function run(code: string): string {
  writeFileSync(join(folder, "example.ts"), code);
  const args = ["--preserve-symlinks", "example.ts"];
  return execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
}

const imports = `
  import { readFile, writeFile } from "node:fs/promises";
  import { loadCore } from "./runtime/index.ts";\n`;

test("README: a first program", () => {
  const said = run(blockOf("README.md", "function greet"));
  expect(said).toBe("from Lua: you\n[ 'hello, you' ]\n1\n");
});

test("README: a state that lives on", () => {
  const block = blockOf("README.md", "lights = coroutine.wrap");
  const shown = block.replaceAll(/(\w+\.compute\("return .*"\));/g, "console.log($1.values);");
  expect(run(imports + shown)).toBe("[ 1, 'green' ]\n[ 2, 'red' ]\n");
});

test("STORES: tables that are saved, and come back", () => {
  const block = blockOf("docs/STORES.md", "openFileStore({");
  const code = `${imports}
    const core = await loadCore(await readFile("core.wasm"));
    ${block}
    console.log(core.tables.home.get("n"));
    await store.close();\n`;
  expect([run(code), run(code)]).toEqual(["1\n", "2\n"]);
});

describe("Lua", () => {
  const programs = ["README.md", "docs/README_LUA.md"].flatMap((path) =>
    blocksOf(path, "lua").map((code) => [path, code] as const),
  );
  test.each(programs)("%s", async (_, code) => {
    const core = await loadCore(wasm);
    expect(core.compute(code)).toMatchObject({ ok: true });
  });
});

test("README_LUA: limits, each to the last and one beyond", async () => {
  const limits = readFileSync(join(root, "docs/README_LUA.md"), "utf8");
  expect(limits).toContain("| tables in a value | 100 deep |");
  expect(limits).toContain("results of a host function | 10,000 values |");
  expect(limits).toContain("| an error message that leaves Lua | 199 bytes,");
  const core = await loadCore(wasm);
  const nested = (depth: number) =>
    core.compute(`local t = {} for _ = 2, ${depth} do t = { t } end return t`);
  expect(nested(100)).toMatchObject({ ok: true });
  expect(nested(101)).toMatchObject({ ok: false, code: "BAD_VALUE" });
  // The first argument of select counts, too.
  const counted = (length: number) =>
    core.call("select", "#", ...Array.from({ length: length - 1 }, () => 1));
  expect(counted(10_000)).toMatchObject({ ok: true, values: [9_999] });
  expect(counted(10_001)).toMatchObject({ ok: false, code: "BAD_VALUE" });
  const failed = core.compute("error(('x'):rep(500), 0)");
  expect(failed).toMatchObject({ ok: false, error: "x".repeat(199) });
});

test("IMPLEMENTATION: clocks are those of the core that restores", async () => {
  let seconds = 10;
  const before = await loadCore(wasm, { clock: () => seconds });
  before.compute("begun = os.clock()");
  const taken = before.snapshot();
  const bytes = taken.ok ? taken.bytes : new Uint8Array();
  seconds = 15.5;
  before.restore(bytes, { bytecode: "trusted" });
  expect(before.compute("return os.clock() - begun")).toMatchObject({ values: [5.5] });
  const after = await loadCore(wasm);
  after.restore(bytes, { bytecode: "trusted" });
  expect(after.compute("return os.clock() < begun")).toMatchObject({ values: [true] });
});
