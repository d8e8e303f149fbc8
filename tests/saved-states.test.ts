/** Snapshots and images on a really built core: what they carry, what is refused, what stays. */
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildIdOf, withBuildId } from "../harness/build/build-id.ts";
import { stripCustomSections } from "../harness/wasm/strip.ts";
import { frameHeaderBytes, memoryBytes } from "../runtime/abi/abi.ts";
import { type Core, type CoreOptions, loadCore } from "../runtime/index.ts";
import { Environment } from "../runtime/instance/environment.ts";
import { InstanceSource } from "../runtime/instance/instance-source.ts";
import { failureOf } from "../runtime/instance/result.ts";
import { openSnapshot, sealSnapshot } from "../runtime/snapshot/authentic.ts";
import { readContainer, writeContainer } from "../runtime/snapshot/container.ts";
import { projectInvocation } from "../scripts/command/invocation.fixture.ts";
import { builtArtifact } from "./built-artifact.fixture.ts";

const trusted = { bytecode: "trusted" } as const;
const stop = new AbortController();
let wasm: Uint8Array<ArrayBuffer>;
let module: WebAssembly.Module;

beforeAll(async () => {
  const invocation = projectInvocation(stop.signal);
  const { wasmPath } = await builtArtifact("freestanding-small-js-opt", invocation);
  wasm = new Uint8Array(await readFile(wasmPath));
  module = await WebAssembly.compile(wasm);
});
afterAll(() => stop.abort());

/** The two ways to save, which promise the same where they can. */
interface Way {
  readonly name: string;
  readonly save: (core: Core) => Uint8Array;
  readonly load: (core: Core, saved: Uint8Array) => ReturnType<Core["restore"]>;
}

const ways: readonly Way[] = [
  {
    name: "snapshot",
    save: (core) => {
      const saved = core.snapshot();
      if (!saved.ok) throw new TypeError(`${saved.code}: ${saved.error}`);
      return saved.bytes;
    },
    load: (core, saved) => core.restore(saved, trusted),
  },
  {
    name: "image",
    save: (core) => core.image(),
    load: (core, saved) => core.loadImage(saved, trusted),
  },
];

const program = `
  n = 5
  t = ext.table()
  for _, key in ipairs { "a", "b", "c", "d" } do t[key] = key:upper() end
  next_entry = coroutine.wrap(function() for k, v in pairs(t) do coroutine.yield(k, v) end end)
  return next_entry()`;

function valuesOf(core: Core, code: string): readonly unknown[] {
  const result = core.compute(code);
  if (!result.ok) throw new TypeError(`${result.code}: ${result.error}`);
  return result.values;
}

/** Handles of all instances on each external table, as the registry counts them. */
function handlesOf(core: Core): readonly (readonly [number, boolean])[] {
  core.tables.collect();
  return [...core.tables].map(({ id, size }) => [id, size > 0] as const);
}

describe.each(ways)("$name", ({ save, load }) => {
  let core: Core;
  let saved: Uint8Array;

  beforeEach(async () => {
    core = await loadCore(module);
    core.register("app.double", (value) => Number(value) * 2);
    expect(valuesOf(core, program)).toEqual(["a", "A"]);
    saved = save(core);
  });

  /** That the state before is there still, and every handle with it. */
  const isUntouched = () => {
    expect(valuesOf(core, "n = n + 1 return n, #t, app.double(4)")).toEqual([6, 4, 8]);
    expect(handlesOf(core)).toEqual([
      [1, false],
      [2, true],
    ]);
    expect(valuesOf(core, "t, next_entry = nil collectgarbage() collectgarbage()")).toEqual([]);
    expect(handlesOf(core)).toEqual([[1, false]]);
  };

  test("carries variables, host functions, external tables and loops over them", () => {
    const table = core.tables.get(2);
    expect(valuesOf(core, "n = 7 return next_entry()")).toEqual(["b", "B"]);
    expect(load(core, saved)).toEqual({ ok: true });
    expect(valuesOf(core, "return n, app.double(4), next_entry()")).toEqual([5, 8, "b", "B"]);
    expect(valuesOf(core, "return next_entry()")).toEqual(["c", "C"]);
    expect(core.tables.get(2)).toBe(table);
    table?.set("e", "E");
    expect(valuesOf(core, "return t.e, ext.id(t)")).toEqual(["E", 2]);
    core.register("later", () => "later");
    expect(valuesOf(core, "return later(), app.double(1)")).toEqual(["later", 2]);
    expect(valuesOf(core, "next_entry = nil collectgarbage() collectgarbage()")).toEqual([]);
    expect(handlesOf(core)).toEqual([
      [1, false],
      [2, true],
    ]);
    expect(valuesOf(core, "t = nil collectgarbage() collectgarbage()")).toEqual([]);
    expect(handlesOf(core)).toEqual([[1, false]]);
  });

  test("is the same when it is taken again, and when it was restored", () => {
    expect(Buffer.compare(save(core), save(core))).toBe(0);
    expect(load(core, saved)).toEqual({ ok: true });
    const again = save(core);
    expect(load(core, again)).toEqual({ ok: true });
    expect(Buffer.compare(save(core), again)).toBe(0);
  });

  test("is refused from a stranger, taken from whoever has the key", async () => {
    const key = crypto.getRandomValues(new Uint8Array(32));
    const way = (bytes: Parameters<Core["restore"]>[0]) =>
      saved.length > memoryBytes ? core.loadImage(bytes) : core.restore(bytes);
    expect(way(saved)).toMatchObject({
      ok: false,
      code: "BAD_SNAPSHOT",
      error: expect.stringMatching(/open it with its key \(openSnapshot\).*bytecode: "trusted"/),
    });
    const sealed = await sealSnapshot(saved, key);
    expect(way(sealed)).toMatchObject({ ok: false, code: "BAD_SNAPSHOT" });
    expect(way(await openSnapshot(sealed, key))).toEqual({ ok: true });
    isUntouched();
  });

  test("damaged is refused, and the state goes on", () => {
    for (let at = 0; at < saved.length; at += Math.ceil(saved.length / 97)) {
      const damaged = saved.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      expect(load(core, damaged)).toMatchObject({ ok: false, code: "BAD_SNAPSHOT" });
      expect(load(core, saved.subarray(0, at))).toMatchObject({ ok: false, code: "BAD_SNAPSHOT" });
    }
    isUntouched();
  });

  test("needs the host functions and tables that it knows", async () => {
    const other = await loadCore(module);
    valuesOf(other, "kept = 1");
    expect(load(other, saved)).toMatchObject({
      code: "NOT_FOUND",
      error: expect.stringMatching(/"app\.double"; register them first$/),
    });
    other.register("app.double", () => "another");
    expect(load(other, saved)).toMatchObject({
      code: "UNKNOWN_TABLE",
      error: expect.stringMatching(/does not have: 2; load the tables first$/),
    });
    expect(valuesOf(other, "return kept")).toEqual([1]);
    other.tables.create().set("b", "other b");
    expect(load(other, saved)).toEqual({ ok: true });
    expect(valuesOf(other, "return kept, n, app.double()")).toEqual([undefined, 5, "another"]);
    expect(valuesOf(other, "return next_entry()")).toEqual(["b", "other b"]);
  });

  test("goes into no core that is busy or disposed of", () => {
    const codes: unknown[] = [];
    core.register("reload", () => {
      const result = load(core, saved);
      codes.push(result.ok ? "ok" : result.code);
    });
    valuesOf(core, "reload()");
    core.dispose();
    const result = load(core, saved);
    codes.push(result.ok ? "ok" : result.code);
    expect(codes).toEqual(["BUSY", "DISPOSED"]);
  });

  test("makes a poisoned core usable again", () => {
    expect(core.loadImage(withoutCanary(core), trusted)).toEqual({ ok: true });
    const { cause, ...failure } = Object(core.compute("return n"));
    expect([failure.code, cause]).toEqual(["POISONED", expect.any(WebAssembly.RuntimeError)]);
    expect(load(core, saved.subarray(1))).toMatchObject({ code: "BAD_SNAPSHOT" });
    expect(core.compute("return n")).toMatchObject({ code: "POISONED" });
    expect(load(core, saved)).toEqual({ ok: true });
    isUntouched();
  });
});

/** An image of the core, whole and trusted, in which the guard before the I/O buffer is damaged. */
function withoutCanary(core: Core): Uint8Array {
  const marker = "here the frame of the I/O buffer has its value";
  expect(valuesOf(core, `return "${marker}"`)).toEqual([marker]);
  const read = readContainer(core.image());
  if (!read.ok) throw new TypeError(read.reason);
  const body = Buffer.from(read.container.body);
  // Behind the frame's header an encoded string has a tag and a length.
  const buffer = body.indexOf(marker) - frameHeaderBytes - 5;
  return writeContainer({ ...read.container, body: body.fill(0, buffer - 8, buffer) });
}

describe("an image", () => {
  const identified = (id: Uint8Array) => withBuildId(stripCustomSections(wasm), id);

  test("is bound to its build", async () => {
    const core = await loadCore(module);
    const other = await loadCore(identified(buildIdOf(Uint8Array.of(1))));
    valuesOf(other, "kept = 1");
    expect(other.loadImage(core.image(), trusted)).toMatchObject({
      code: "BAD_SNAPSHOT",
      error: expect.stringMatching(/another build.*save a snapshot instead/),
    });
    expect(valuesOf(other, "return kept")).toEqual([1]);
  });

  test("is none where the wasm does not say which build it is", async () => {
    const core = await loadCore(stripCustomSections(wasm));
    expect(() => core.image()).toThrow(/does not say which build it is/);
    const image = (await loadCore(module)).image();
    expect(core.loadImage(image, trusted)).toMatchObject({ code: "BAD_SNAPSHOT" });
    expect(valuesOf(core, "return 1")).toEqual([1]);
  });

  test("is no snapshot, and the other way round", async () => {
    const core = await loadCore(module);
    expect(core.restore(core.image(), trusted)).toMatchObject({
      code: "BAD_SNAPSHOT",
      error: "this is no snapshot: pass it to loadImage",
    });
    const snapshot = core.snapshot();
    if (!snapshot.ok) throw new TypeError(String(snapshot.error));
    expect(core.loadImage(snapshot.bytes, trusted)).toMatchObject({
      code: "BAD_SNAPSHOT",
      error: "this is no image: pass it to restore",
    });
  });
});

describe("an instance that is to take another one's place", () => {
  const begin = () => {
    const environment = new Environment({});
    const source = new InstanceSource({ module, environment, options: {} });
    const table = environment.tables.named("t");
    return { source, table };
  };

  test("and fails leaves no handle", () => {
    const { source, table } = begin();
    const made = source.replacement(({ host }) => {
      host.handles.retain(table);
      host.iterators.open(table);
      return failureOf("BAD_SNAPSHOT", "on purpose");
    });
    expect([made, table.handles]).toEqual([failureOf("BAD_SNAPSHOT", "on purpose"), 0]);
  });

  test("and traps is a failure with its cause", async () => {
    const { source, table } = begin();
    const read = readContainer(withoutCanary(await loadCore(module)));
    if (!read.ok) throw new TypeError(read.reason);
    const { body } = read.container;
    const made = source.replacement((instance) => {
      instance.memory().set(body.subarray(body.length - memoryBytes));
      instance.host.handles.retain(table);
      instance.runGc();
      return undefined;
    });
    expect(made).toMatchObject({
      code: "BAD_SNAPSHOT",
      error: expect.stringMatching(/trapped: unreachable/),
      cause: expect.any(WebAssembly.RuntimeError),
    });
    expect(table.handles).toBe(0);
  });

  test("leaves the other one busy until it is there", () => {
    const made = begin().source.replacement((instance) => {
      expect(instance.init()).toBe(0);
      return undefined;
    });
    if (!made.ok) throw new TypeError(String(made.error));
    const { instance } = made;
    const code = new TextEncoder().encode("return 1");
    expect(instance.aside(() => instance.compute(code))).toMatchObject({ code: "BUSY" });
    expect(instance.compute(code)).toMatchObject({ ok: true, values: [1] });
  });
});

describe("a snapshot", () => {
  const begin = async (code: string, options: CoreOptions = {}) => {
    const core = await loadCore(module, options);
    valuesOf(core, code);
    return core;
  };
  const bytesOf = (core: Core, options: Parameters<Core["snapshot"]>[0] = {}) => {
    const saved = core.snapshot(options);
    if (!saved.ok) throw new TypeError(`${saved.code}: ${saved.error}`);
    return saved.bytes;
  };

  test("that can't be made names the paths of what can't be saved", async () => {
    const code = `local function f() return n end n = 1
      app = {user = {handle = debug.upvalueid(f, 1)}}
      for i = 1, 4 do app[i] = app.user.handle end`;
    const core = await begin(code);
    const { refused, ...failure } = Object(core.snapshot());
    expect(failure.code).toBe("NOT_PERSISTABLE");
    expect(failure.error).toMatch(/^can't be saved: _G\.app.* \(light userdata\), .*, and 2 more$/);
    expect(refused).toHaveLength(5);
    expect(refused).toContainEqual({ path: "_G.app.user.handle", reason: "light userdata" });
    expect(valuesOf(core, "app = nil return n")).toEqual([1]);
    expect(core.snapshot().ok).toBe(true);
  });

  test("goes without debug information where that is not wanted", async () => {
    const core = await begin("function f(name) local other = name error(other) end");
    const [whole, stripped] = [bytesOf(core), bytesOf(core, { debugInformation: false })];
    expect(stripped.length).toBeLessThan(whole.length - 20);
    expect(core.restore(whole, trusted)).toEqual({ ok: true });
    expect(core.call("f", "x")).toMatchObject({ error: "eval:1: x" });
    expect(core.restore(stripped, trusted)).toEqual({ ok: true });
    expect(core.call("f", "x")).toMatchObject({ error: "x" });
  });

  test("of data alone needs no trust", async () => {
    const core = await begin("list = {1, 2, {x = 'y'}}");
    const saved = bytesOf(core);
    valuesOf(core, "list = nil");
    expect(core.restore(saved)).toEqual({ ok: true });
    expect(valuesOf(core, "return list[3].x")).toEqual(["y"]);
  });

  test("differs from another one at paths", async () => {
    const core = await begin("player = {gold = 1}");
    const before = bytesOf(core);
    valuesOf(core, "player.gold = 2");
    const differences = core.diff(before, bytesOf(core));
    expect(differences.map(({ path }) => path)).toEqual(["_G.player.gold"]);
    expect(() => core.diff(before, core.image())).toThrow(/second snapshot is an image/);
    expect(() => core.diff(before.subarray(1), before)).toThrow(/the first snapshot/);
  });

  test("whose restoring runs out of memory, at any allocation, leaves all as it was", async () => {
    const core = await begin("t = ext.table() t.x = 1 n = 5");
    const saved = bytesOf(core);
    let failures = 0;
    for (let failAllocation = 1; failAllocation < 5000; failAllocation++) {
      const result = core.restore(saved, { ...trusted, failAllocation, failCount: 0 });
      if (result.ok) break;
      expect(result).toMatchObject({ code: "OUT_OF_MEMORY" });
      failures += 1;
      expect(valuesOf(core, "n = n + 1 return n, t.x")).toEqual([5 + failures, 1]);
    }
    expect(failures).toBeGreaterThan(100);
    expect(failures).toBeLessThan(4999);
    expect(valuesOf(core, "return n, t.x")).toEqual([5, 1]);
    expect(valuesOf(core, "t = nil collectgarbage() collectgarbage()")).toEqual([]);
    expect(handlesOf(core)).toEqual([[1, false]]);
  });

  test("finds the core busy while it is restored, and its output comes with a result", async () => {
    const code = `local type = setmetatable({}, {__persist = function()
        return function() print("rebuilt", probe()) return {made = true} end
      end})
      object = type`;
    const core = await loadCore(module);
    core.register("probe", () => {
      const result = core.compute("return 1");
      return result.ok ? "ok" : result.code;
    });
    valuesOf(core, code);
    const saved = bytesOf(core);
    expect(core.compute("return 1"), "tried when it is saved").toMatchObject({ output: "" });
    expect(core.restore(saved, trusted)).toEqual({ ok: true });
    const result = core.compute("return object.made");
    expect(result).toMatchObject({ ok: true, values: [true], output: "rebuilt\tBUSY\n" });
  });
});
