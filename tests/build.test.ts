/** The build end to end on a small core: Binaryen is real, the compiler a script that copies. */
import { appendFile, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import loadWabt from "wabt";
import { build } from "../harness/build/build.ts";
import type { BuildContext, BuildResult } from "../harness/build/build-context.ts";
import type { AxisValues } from "../harness/variant/variant.ts";
import { variantOf } from "../harness/variant/variant.ts";
import { readModule } from "../harness/wasm/module.ts";

const wabt = await loadWabt();
const base = {
  target: "freestanding",
  optimize: "ReleaseSmall",
  unwind: "js",
  post: "none",
} as const;

/** What Zig would emit for a core whose `compute` answers 1 when Lua raised. */
function coreText(unwind: string): string {
  const manifest = JSON.stringify({
    abi: 1,
    lua: "5.4.8",
    zig: "0.17.0",
    target: "freestanding",
    optimize: "ReleaseSmall",
    unwind,
  });
  const [module, prefix] = unwind === "js" ? ["env", "js_"] : ["unwind", "lua_"];
  return `(module
    (import "${module}" "${prefix}try" (func $try (param i32 i32 i32)))
    (import "${module}" "${prefix}throw" (func $throw))
    (memory (export "memory") 32 32)
    (table (export "__indirect_function_table") 2 2 funcref)
    (elem (i32.const 1) $raise)
    (global $sp (export "__stack_pointer") (mut i32) (i32.const 262144))
    (data (i32.const 16) "${manifest.replaceAll('"', '\\"')}")
    (func $raise (param i32 i32)
      (i32.store (i32.const 8) (i32.const 1))
      (call $throw)
      (i32.store (i32.const 8) (i32.const 2)))
    (func (export "compute") (result i32)
      (call $try (i32.const 1) (i32.const 0) (i32.const 0))
      (i32.load (i32.const 8)))
    (func (export "get_manifest_ptr") (result i32) (i32.const 16))
    (func (export "get_manifest_len") (result i32) (i32.const ${manifest.length})))`;
}

let root = "";
let notices: string[] = [];
let context: BuildContext;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "build-"));
  notices = [];
  for (const folder of ["zig", "lua", "bin"]) await mkdir(join(root, folder));
  await writeFile(join(root, "build.zig"), "");
  await writeFile(join(root, "build.zig.zon"), "");
  await writeFile(join(root, "LICENSE"), "Copyright (C) Lua.org");
  for (const unwind of ["js", "eh", "exnref"]) {
    const module = wabt.parseWat("core.wat", coreText(unwind), { mutable_globals: true });
    await writeFile(
      join(root, `${unwind}.wasm`),
      module.toBinary({ write_debug_names: true }).buffer,
    );
    module.destroy();
  }
  await writeCompiler(`for argument; do
    case "$previous" in --prefix) prefix=$argument;; esac
    case "$argument" in -Dunwind=*) unwind=\${argument#-Dunwind=};; esac
    previous=$argument
  done
  echo "$*" >> ${root}/calls
  sleep 0.1
  mkdir -p "$prefix/bin" && cp "${root}/$unwind.wasm" "$prefix/bin/core.wasm"`);
  const tools = {
    zigPath: join(root, "bin", "zig"),
    zigVersion: "0.17.0",
    luaPath: join(root, "lua"),
    luaVersion: "5.4.8",
    luaOrigin: "",
  };
  context = { root, tools, onNotice: (_, notice) => notices.push(notice) };
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

async function writeCompiler(script: string): Promise<void> {
  await writeFile(join(root, "bin", "zig"), `#!/bin/sh\n${script}\n`);
  await chmod(join(root, "bin", "zig"), 0o755);
}

async function compilations(): Promise<number> {
  const calls = await readFile(join(root, "calls"), "utf8").catch(() => "");
  return calls.split("\n").length - 1;
}

async function built(
  axes: Partial<AxisValues> = {},
  options: Partial<BuildContext> = {},
): Promise<Extract<BuildResult, { ok: true }>> {
  const result = await build(variantOf({ ...base, ...axes }), { ...context, ...options });
  if (!result.ok) throw new TypeError(result.message);
  return result;
}

describe.skipIf(delimiter === ";")("build", () => {
  test("compiles once for both values of post, and not again when nothing changed", async () => {
    const [none, opt] = await Promise.all([built(), built({ post: "opt" })]);
    expect(await compilations()).toBe(1);
    expect([none.cached, opt.cached]).toEqual([false, false]);
    expect(none.artifact.steps.map(({ name }) => name)).toEqual(["compile", "encode", "strip"]);
    const names = opt.artifact.steps.map(({ name }) => name);
    expect(names).toEqual(["compile", "rebuild", "optimize", "strip"]);
    const again = await built();
    expect(again).toEqual({ ...none, cached: true });
    await writeFile(join(root, "zig", "new.zig"), "");
    expect(await built()).toMatchObject({ cached: false });
    expect(await compilations()).toBe(2);
    expect(await built({}, { force: true })).toMatchObject({ cached: false });
    expect(await compilations()).toBe(3);
  });

  test("ships the twin's code without its names", async () => {
    const { artifact } = await built({ post: "opt" });
    const shipped = await readFile(artifact.wasmPath);
    const named = readModule(await readFile(artifact.namedPath ?? ""));
    expect(artifact.sizes.raw).toBe(shipped.length);
    const customSections = readModule(shipped).sections.filter(({ name }) => /^custom:/.test(name));
    expect(customSections.map(({ name }) => name)).toEqual(["custom:lpw.build"]);
    expect(named.sections.at(-1)?.name).toBe("custom:lpw.build");
    expect(named.functions.map(({ name }) => name)).toContain("raise");
    const codeOf = (module: typeof named) => module.functions.map(({ sizeBytes }) => sizeBytes);
    expect(codeOf(readModule(shipped))).toEqual(codeOf(named));
  });

  test("lays the licence beside the wasm, and a new one beside a new artifact", async () => {
    const licenceBeside = ({ artifact }: { readonly artifact: { readonly wasmPath: string } }) =>
      readFile(join(dirname(artifact.wasmPath), "LICENSE"), "utf8");
    expect(await licenceBeside(await built())).toBe("Copyright (C) Lua.org");
    await writeFile(join(root, "LICENSE"), "Copyright (C) Lua.org, PUC-Rio");
    const renewed = await built();
    expect(await licenceBeside(renewed)).toBe("Copyright (C) Lua.org, PUC-Rio");
    expect([renewed.cached, await compilations()]).toEqual([false, 1]);
  });

  test.each([
    { unwind: "eh", post: "none" },
    { unwind: "eh", post: "opt" },
    { unwind: "exnref", post: "none" },
    { unwind: "exnref", post: "opt" },
  ] as const)("joins unwinding with the core: $unwind, $post", async (axes) => {
    const { artifact } = await built(axes);
    const bytes = new Uint8Array(await readFile(artifact.wasmPath));
    const module = readModule(bytes);
    expect(module.imports).toEqual([]);
    expect(module.exports.map(({ name }) => name).toSorted()).toEqual([
      "compute",
      "get_manifest_len",
      "get_manifest_ptr",
      "memory",
    ]);
    const { instance } = await WebAssembly.instantiate(bytes, {});
    const compute = instance.exports["compute"];
    if (typeof compute !== "function") throw new TypeError("no compute");
    expect(compute()).toBe(1);
  });

  test("rebuilds a damaged entry and says so", async () => {
    const { artifact } = await built();
    await appendFile(artifact.wasmPath, "!");
    expect(await built()).toMatchObject({ cached: false, artifact: { sha256: artifact.sha256 } });
    expect(notices).toEqual(["rebuilt: its cache entry is damaged (core.wasm is altered)"]);
    expect(await compilations()).toBe(1);
  });

  test("answers with the first compiler error, and keeps nothing", async () => {
    await writeCompiler(`echo "${root}/zig/core/root.zig:1:2: error: expected ';'" >&2; exit 1`);
    const result = await build(variantOf(base), context);
    expect(result).toEqual({
      ok: false,
      message: "zig/core/root.zig:1:2: error: expected ';'",
      log: `${root}/zig/core/root.zig:1:2: error: expected ';'`,
      repro: "npm run build -- freestanding-small-js-none",
    });
  });

  test("builds again when a source changes under the compiler, but not for ever", async () => {
    const edit = `echo >> ${root}/zig/root.zig`;
    const copy = `for last; do :; done; mkdir -p $last/bin; cp ${root}/js.wasm $last/bin/core.wasm`;
    await writeCompiler(`echo >> ${root}/calls; [ -e ${root}/zig/root.zig ] || ${edit}; ${copy}`);
    await built();
    expect(await compilations()).toBe(2);
    expect(notices).toEqual(["built again: a source changed while it was compiled"]);
    expect(await built()).toMatchObject({ cached: true });
    await writeCompiler(`${edit}; ${copy}`);
    await writeFile(join(root, "zig", "other.zig"), "");
    const result = await build(variantOf(base), context);
    expect(result).toMatchObject({ ok: false, message: expect.stringMatching(/keep changing/) });
    expect(notices).toHaveLength(3);
  });

  test("refuses a wasm that says it is another variant", async () => {
    await writeFile(join(root, "js.wasm"), await readFile(join(root, "eh.wasm")));
    const result = await build(variantOf(base), context);
    expect(result).toMatchObject({
      ok: false,
      message: "the wasm of freestanding-small-js-none says of itself unwind=eh",
    });
  });

  test("stops when it is interrupted", async () => {
    // Longer than any test may take.
    await writeCompiler("sleep 600; true");
    const interruption = new AbortController();
    const running = build(variantOf(base), { ...context, signal: interruption.signal });
    setTimeout(() => interruption.abort(new Error("stop")), 100);
    await expect(running).rejects.toThrow("stop");
  });
});
