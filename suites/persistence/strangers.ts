/** Snapshots that nobody vouches for carry data alone, and what is refused changes nothing. */
import { idMax } from "../../harness/artifact/abi.ts";
import type { Core, CoreOptions } from "../../harness/core/core.ts";
import { decodeHostSection, encodeHostSection } from "../../harness/core/host-section.ts";
import { LuaBytes } from "../../harness/core/scalars.ts";
import { readContainer, writeContainer } from "../../harness/core/snapshot/container.ts";
import { decodeBody } from "../../harness/core/snapshot/decode-body.ts";
import { encodeBody } from "../../harness/core/snapshot/encode-body.ts";
import type { GraphObject, GraphValue, SnapshotGraph } from "../../harness/core/snapshot/graph.ts";
import { shortStringAt } from "../../harness/core/snapshot/library-places.ts";
import { latin1Of } from "../../harness/core/table-key.ts";
import { equal, fails, isTrue, matches, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { untouched } from "./refusals.ts";
import { type Load, saved } from "./saved-program.ts";

interface Behaviour {
  readonly name: string;
  /** Lua code that makes a state with it. */
  readonly code: string;
  /** Where it is, as the message says. */
  readonly path: RegExp;
  readonly options?: CoreOptions;
  /** Of the core that makes the state alone: what no script of a stranger's can do. */
  readonly maker?: CoreOptions;
}

const trusting: CoreOptions = { bytecode: "trusted" };

/** What runs, or has state of a library's, and is no Lua function. */
const behaviours: readonly Behaviour[] = [
  { name: "coroutine", code: "co = coroutine.create(print)", path: /_G\.co / },
  {
    name: "dead-coroutine",
    code: "co = coroutine.create(error) coroutine.resume(co)",
    path: /_G\.co /,
  },
  { name: "wrap", code: "f = coroutine.wrap(print)", path: /_G\.f / },
  { name: "gmatch", code: 'f = ("a b"):gmatch("%w")', path: /_G\.f / },
  { name: "lines", code: "f = io.stdin:lines()", path: /_G\.f / },
  { name: "loop", code: "f = pairs(_home)", path: /_G\.f / },
  { name: "finalizer", code: "t = setmetatable({}, {__gc = true})", path: /_G\.t \(table/ },
  { name: "other-name", code: "print = io.write", path: /_G\.print \(C function io\.write/ },
  {
    name: "function-in-data",
    code: "t = {1, {print}}",
    path: /_G\.t\[2\]\[1\] \(C function print/,
  },
  { name: "function-as-key", code: "t = {[print] = 1}", path: /key of _G\.t/ },
  {
    name: "metamethod",
    code: "t = setmetatable({}, {__index = rawget})",
    path: /metatable of _G\.t\)\.__index/,
  },
  { name: "random", code: "t = {math.random}", path: /_G\.t\[1\] \(C function math\.random/ },
  { name: "require", code: "t = {r = require}", path: /_G\.t\.r \(C function require/ },
  { name: "main-thread", code: "t = {coroutine.running()}", path: /_G\.t\[1\] \(main thread/ },
  { name: "hook", code: "debug.sethook(print, 'c', 0)", path: /main thread/ },
  { name: "type", code: "getmetatable(io.stdout).__gc = nil", path: /registry\["FILE\*"\]/ },
  {
    name: "registry",
    maker: trusting,
    code: "data = debug.getregistry()",
    path: /_G\.data \(table/,
  },
  {
    name: "handles",
    maker: trusting,
    code: 'data = {debug.getregistry()["ext.handles"]}',
    path: /_G\.data\[1\] \(table/,
  },
  { name: "handle-type", code: "data = debug.getmetatable(_home)", path: /_G\.data \(table/ },
  {
    name: "type-as-metatable",
    code: "data = debug.setmetatable({}, debug.getmetatable(_home))",
    path: /\(metatable of _G\.data\)/,
  },
  {
    name: "type-entry",
    code: "debug.getmetatable(_home).extra = 1",
    path: /registry\["ext\.table"\]\.extra/,
  },
  {
    name: "type-of-type",
    code: 'local type = setmetatable(debug.getmetatable(_home), {__mode = "v"})',
    path: /\(metatable of registry\["ext\.table"\]\)/,
  },
  {
    name: "registry-entry",
    maker: trusting,
    code: "debug.getregistry().extra = 1",
    path: /registry\.extra/,
  },
  {
    name: "buffer-type",
    maker: trusting,
    code: 'local s = ("x"):rep(2000):upper() debug.getregistry()["_UBOX*"].__gc = nil',
    path: /registry\["_UBOX\*"\]/,
  },
  {
    name: "number-type",
    code: "debug.setmetatable(1, debug.getmetatable(_home))",
    path: /metatable of type number/,
  },
  { name: "moved-module", code: "string.format, string.rep = string.rep", path: /string\.format/ },
];

/** Restored without trust: the failure, and the core as it was. */
async function isRefused(
  { load, options }: { readonly load: Load; readonly options?: CoreOptions | undefined },
  snapshot: Uint8Array,
  prepare: (core: Core) => void = () => undefined,
): Promise<string> {
  const other = await load({ seed: 2, ...options });
  prepare(other);
  const { core, check } = await untouched(other);
  const before = standing(core);
  const failure = fails(core.restore(snapshot), "BAD_SNAPSHOT", "restored without trust");
  const after = standing(core);
  // To ask which id is next is to make a table.
  equal(after, { ...before, nextId: before.nextId + 1 }, "what the core holds");
  check();
  return String(failure.error);
}

/** What a refused snapshot must not change. */
function standing(core: Core) {
  const { id: nextId } = core.tables.create();
  core.runGc();
  return { snapshot: bodyOf(saved(core)), usage: core.tables.used, nextId };
}

/** Without the host section, which has the id of the next table. */
function bodyOf(snapshot: Uint8Array): Uint8Array {
  const read = readContainer(snapshot);
  isTrue(read.ok, "the container reads");
  return read.container.body;
}

/** The snapshot with another graph, and with right counts and checksums. */
function withGraph(snapshot: Uint8Array, change: (graph: SnapshotGraph) => SnapshotGraph) {
  const read = readContainer(snapshot);
  isTrue(read.ok, "the container reads");
  const decoded = decodeBody(read.container.body);
  isTrue(decoded.ok, "the body reads");
  return writeContainer({ ...read.container, body: encodeBody(change(decoded.graph)) });
}

type Change = (object: GraphObject, graph: SnapshotGraph) => GraphObject;

/** The same graph with each object put through `change`. */
function changed(graph: SnapshotGraph, change: Change): SnapshotGraph {
  return { ...graph, objects: graph.objects.map((object) => change(object, graph)) };
}

const dataOfAllKinds = `local piece = ("long"):rep(200)
  data = {1, 2, {3}, n = 1.5, s = "text", [2.5] = true}
  data.self, _home.kept = data, "kept" t = ext.table("t")`;

export const strangerCases = [
  ...behaviours.map(({ name, code, path, options, maker }) =>
    defineCase({
      id: `persistence/stranger-${name}`,
      title: `Without trust a state with more than data is refused by path: ${code}`,
      run: async ({ load }) => {
        const core = await load({ seed: 1, ...options, ...maker });
        succeeded(core.compute(code), "the code");
        const snapshot = saved(core);
        matches(await isRefused({ load, options }, snapshot), path, "the message");
        const other = await load({ seed: 2, ...options });
        isTrue(other.restore(snapshot, { bytecode: "trusted" }).ok, "with trust");
      },
    }),
  ),
  defineCase({
    id: "persistence/stranger-data",
    title: "Without trust data comes back, the libraries as a script left them among it",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      core.register("app.log", () => 7);
      succeeded(
        core.compute(`${dataOfAllKinds}
          math.randomseed(5) math.random()
          io.output(io.stderr) os.exit, load, string.rep, package.path = nil, false, 5, "x"
          string.own, strict = {1}, setmetatable({}, {__mode = "k", __index = string})
          setmetatable(_G, {__name = "G"}) debug.setmetatable(1, {__index = {unit = "m"}});
          ("x"):upper():gsub("X", ("y"):upper()) table.concat({("z"):upper():lower()}, ",")
          local long = table.concat({piece, piece})
          for _ in pairs(_home) do end local random = math.random`),
        "the state",
      );
      const snapshot = saved(core);
      const after = `return data.self == data, data[3][1], data.n, data[2.5], _home.kept,
        ext.id(t) > 1,
        io.output() == io.stderr, os.exit, load, string.rep, package.path, string.own[1],
        strict.upper("s"), getmetatable(_G).__name, (1).unit, app.log(), math.random(1000)`;
      const expected = core.compute(after);
      succeeded(expected, "the state goes on");
      const other = await load({ seed: 2 });
      other.register("app.log", () => 7);
      other.tables.named("t");
      other.tables.home.set("kept", "kept");
      const restored = other.restore(snapshot);
      isTrue(restored.ok, `restored: ${restored.ok ? "" : String(restored.error)}`);
      succeeds(other.compute(after), expected.ok ? expected.values : [], "elsewhere");
      equal(other.diff(saved(core), saved(other)), [], "what differs");
    },
  }),
  defineCase({
    id: "persistence/stranger-host-function",
    title: "Without trust a host function comes back under its own name alone",
    run: async ({ load }) => {
      const register = (core: Core): void => core.register("launch", () => "launched");
      const core = await load({ seed: 1 });
      register(core);
      succeeded(core.compute("print = launch"), "another name");
      matches(await isRefused({ load }, saved(core), register), /_G\.print/, "the message");
      succeeded(core.compute("print = nil"), "its own name alone");
      const snapshot = saved(core);
      const read = readContainer(snapshot);
      isTrue(read.ok, "the container reads");
      const section = decodeHostSection(read.container.host);
      // The same number under another function's name.
      const functions = new Map([...section.functions.keys()].map((id) => [id, "wipe"]));
      const renamed = writeContainer({
        ...read.container,
        host: encodeHostSection({ ...section, functions }),
      });
      const both = (other: Core): void => {
        register(other);
        other.register("wipe", () => "wiped");
      };
      matches(await isRefused({ load }, renamed, both), /_G\.launch/, "the message");
      const other = await load({ seed: 2 });
      both(other);
      isTrue(other.restore(snapshot).ok, "restored");
      succeeds(other.compute("return launch(), wipe"), ["launched", undefined], "its function");
    },
  }),
  defineCase({
    id: "persistence/stranger-ids",
    title: "Ids of a host section never wrap, and a stranger leaves room for those to come",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      const read = readContainer(saved(core));
      isTrue(read.ok, "the container reads");
      const section = decodeHostSection(read.container.host);
      const host = encodeHostSection({ ...section, nextTable: idMax });
      const other = await load({ seed: 2 });
      isTrue(other.restore(writeContainer({ ...read.container, host })).ok, "restored");
      const ids = [1, 2, 3].map(() => other.tables.create().id);
      isTrue(ids.every((id) => id > 1 && id < idMax - 3) && new Set(ids).size === 3, "new ids");
      succeeds(other.compute("return ext.id(_home), ext.id(ext.table()) > 3"), [1, true], "in Lua");
    },
  }),
  defineCase({
    id: "persistence/stranger-finalizers",
    title: "Finalizers of the libraries end, whatever a stranger puts before them",
    run: async ({ load }) => {
      const core = await load({ seed: 1, bytecode: "trusted" });
      // The list of C libraries to close, whose length is asked for when the state is closed.
      succeeded(
        core.compute(
          "local list = debug.getregistry()._CLIBS for k = 0, 62 do list[1 << k] = true end",
        ),
        "a list",
      );
      const snapshot = saved(core);
      const other = await load({ seed: 2 });
      other.restore(snapshot);
      other.dispose();
    },
  }),
  ...["_home", "io.stdout"].map((library) =>
    defineCase({
      id: `persistence/rebuilt-type-of-${library.replaceAll(/[^a-z]/g, "")}`,
      title: `The metatable of ${library} can't be made anew as something else, also with trust`,
      run: async ({ load }) => {
        const core = await load({ seed: 1 });
        const maker = "function() return function() return {} end end";
        const code = `local type = debug.getmetatable(${library})
          setmetatable(type, {__persist = ${maker}})`;
        succeeded(core.compute(code), "the metatable of a metatable");
        const snapshot = saved(core);
        const { core: other, check } = await untouched(await load({ seed: 2 }));
        fails(other.restore(snapshot, { bytecode: "trusted" }), "BAD_SNAPSHOT", "with trust");
        check();
      },
    }),
  ),
  defineCase({
    id: "persistence/stranger-pace",
    title: "Without trust the collector goes on as it does here, whatever the snapshot says",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      succeeded(core.compute('collectgarbage("generational") collectgarbage("stop")'), "settings");
      const snapshot = saved(core);
      const other = await load({ seed: 2 });
      isTrue(other.restore(snapshot).ok, "restored");
      const settings = 'return collectgarbage("isrunning"), collectgarbage("incremental")';
      succeeds(other.compute(settings), [true, "incremental"], "the settings of this core");
    },
  }),
  defineCase({
    id: "persistence/stranger-functions",
    title: "Numbers of host functions that a stranger's state does not use are not kept",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      core.register("app.log", () => 7);
      const read = readContainer(saved(core));
      isTrue(read.ok, "the container reads");
      const section = decodeHostSection(read.container.host);
      const more = Array.from({ length: 50_000 }, (_, i) => [1000 + i, "app.log"] as const);
      const functions = new Map([...section.functions, ...more]);
      const host = encodeHostSection({ ...section, functions });
      const other = await load({ seed: 2 });
      other.register("app.log", () => 7);
      isTrue(other.restore(writeContainer({ ...read.container, host })).ok, "restored");
      isTrue(saved(other).length < 20_000, "what is saved of it");
      succeeds(other.compute("return app.log()"), [7], "the function");
    },
  }),
  defineCase({
    id: "persistence/stranger-strings",
    title: "Strings that share one place in Lua's table of strings are refused",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      succeeded(core.compute('t = {} for i = 1, 2000 do t[i] = "key" .. i end'), "the strings");
      // Those of one seed are spread; the last bits of all are alike where each is 24 bytes longer.
      const alike = (graph: SnapshotGraph) => {
        let number = 0;
        return changed(graph, (object) => {
          if (object.kind !== "string" || !/^key\d/.test(textOf(object))) return object;
          return { ...object, bytes: new LuaBytes(sameHash(graph.hashSeed, number++)) };
        });
      };
      matches(await isRefused({ load }, withGraph(saved(core), alike)), /strings/, "the message");
    },
  }),
  ...[...impossible(), ...impossibleCalls()].map(({ name, title, code, change }) =>
    defineCase({
      id: `persistence/impossible-${name}`,
      title: `Refused by the guest too, whoever vouches for it: ${title}`,
      run: async ({ load }) => {
        const core = await load({ seed: 1 });
        succeeded(core.compute(code), "the state");
        const snapshot = withGraph(saved(core), (graph) => changed(graph, change));
        await isRefused({ load }, snapshot);
        const { core: other, check } = await untouched(await load({ seed: 2 }));
        fails(other.restore(snapshot, { bytecode: "trusted" }), "BAD_SNAPSHOT", "with trust");
        check();
      },
    }),
  ),
];

/** Eight bytes whose hash ends in 13 zero bits (Lua 5.4: luaS_hash), another for each number. */
function sameHash(seed: number, number: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  for (let tried = number * 65_536; ; tried++) {
    view.setUint32(0, tried);
    view.setUint32(4, number);
    let hash = seed ^ bytes.length;
    for (let i = bytes.length - 1; i >= 0; i--) {
      hash ^= (hash << 5) + (hash >>> 2) + (bytes[i] ?? 0);
    }
    if ((hash & 0x1fff) === 0) return bytes;
  }
}

function textOf({ bytes }: Extract<GraphObject, { kind: "string" }>): string {
  return latin1Of(bytes.toBytes());
}

interface Impossible {
  readonly name: string;
  readonly title: string;
  readonly code: string;
  readonly change: Change;
}

/** What no Lua makes, and what the guest must find by itself: with trust no one else looks. */
function impossible(): readonly Impossible[] {
  return [
    {
      name: "array-limit",
      title: "an array's limit that rounds to its size by wrapping",
      code: "t = {marked = 1}",
      change: (object) => {
        const isBare = object.kind === "table" && object.array.length === 0;
        return isBare ? { ...object, arrayLimit: 0xffff_ffff } : object;
      },
    },
    {
      name: "key-twice",
      title: "a key that stands in a table twice",
      code: "t = {[1000] = 1, [2000] = 2, [3000] = 3, [4000] = 4}",
      change: (object) => withKeys(object, () => ({ kind: "integer", value: 1000n })),
    },
    {
      name: "float-key",
      title: "a float key with the value of an integer",
      code: "t = {[1000] = 1, [2000] = 2}",
      change: (object) =>
        withKeys(object, ({ value }) => ({ kind: "float", value: Number(value) })),
    },
    {
      name: "array-key",
      title: "an integer key of the array among the hashed",
      code: "t = {1, 2, 3, 4, [1000] = 5, [2000] = 6}",
      change: (object) => withKeys(object, () => ({ kind: "integer", value: 2n })),
    },
    {
      name: "salt",
      title: "a salt that is none",
      code: "t = {1}",
      change: (object) => ("salt" in object ? { ...object, salt: 2048 } : object),
    },
    {
      name: "file-type",
      title: "a file with the type of another kind of userdata",
      code: "t = {_home}",
      change: (object) => {
        const isHandle = object.kind === "userdata" && object.content.kind === "externalTable";
        const file = { kind: "file", file: "stdout", isClosed: false } as const;
        return isHandle ? { ...object, content: file } : object;
      },
    },
    ...["_UBOX*", "ext.table", "ext.iterator", "ext.handles"].map((name) => ({
      name: `registry-${name.toLowerCase().replaceAll(/[^a-z]/g, "")}`,
      title: `no table in the registry under ${name}`,
      code: 't = {("x"):rep(2000):upper()}',
      change: (object: GraphObject, graph: SnapshotGraph) =>
        withEntry(object, { graph, name, value: { kind: "integer", value: 0x7fff_fff0n } }),
    })),
  ];
}

/** The same, of coroutines, functions and the registry. */
function impossibleCalls(): readonly Impossible[] {
  return [
    {
      name: "status",
      title: "a coroutine that never began, said to wait",
      code: "co = coroutine.create(print)",
      change: (object) => (object.kind === "coroutine" ? { ...object, status: 1 } : object),
    },
    {
      name: "registry-type",
      title: "a metatable of the registry, which is read through it",
      code: "t = {1}",
      change: withTypedRegistry,
    },
    {
      name: "results",
      title: "a call of more results than its stack has room for",
      code: "co = coroutine.create(pcall) coroutine.resume(co, coroutine.yield)",
      change: (object) => withCalls(object, { resultsWanted: 5000 }),
    },
    {
      name: "gmatch-texts",
      title: "a gmatch without the texts that it points into",
      code: 'f = ("a b"):gmatch("%a")',
      change: withoutTexts,
    },
    {
      name: "stack-size",
      title: "a coroutine's stack that ends below its calls",
      code: "co = coroutine.create(pcall) coroutine.resume(co, coroutine.yield)",
      change: (object) => (object.kind === "coroutine" ? { ...object, stackSizeSlots: 7 } : object),
    },
    {
      name: "main-handler",
      title: "an error handler of the main thread, which waits for nothing",
      code: "t = {1}",
      change: (object) =>
        object.kind === "mainThread" ? { ...object, errorHandlerSlot: 78 } : object,
    },
  ];
}

const nilValue: GraphValue = { kind: "nil" };

function withTypedRegistry(object: GraphObject, { roots, objects }: SnapshotGraph): GraphObject {
  if (roots.scope !== "state" || object !== objects[roots.registry]) return object;
  return object.kind === "table" ? { ...object, metatable: roots.registry } : object;
}

function withoutTexts(object: GraphObject): GraphObject {
  if (object.kind !== "cClosure" || !object.name.includes("gmatch")) return object;
  return { ...object, upvalues: object.upvalues.map((each, i) => (i < 2 ? nilValue : each)) };
}

function withCalls(object: GraphObject, changes: { readonly resultsWanted: number }): GraphObject {
  if (object.kind !== "coroutine") return object;
  return { ...object, calls: object.calls.map((call) => ({ ...call, ...changes })) };
}

/** The value of each entry under that name, which only the registry has, replaced. */
function withEntry(
  object: GraphObject,
  entry: { readonly graph: SnapshotGraph; readonly name: string; readonly value: GraphValue },
): GraphObject {
  if (object.kind !== "table" || object.hash === undefined) return object;
  const nodes = object.hash.nodes.map((node) => {
    if (node.kind !== "entry" || node.key.kind !== "reference") return node;
    const isNamed = shortStringAt(entry.graph.objects, node.key.id) === entry.name;
    return isNamed ? { ...node, value: entry.value } : node;
  });
  return { ...object, hash: { ...object.hash, nodes } };
}

/** The integer keys from 1000 on, which only the case's own table has, replaced. */
function withKeys(
  object: GraphObject,
  replaced: (key: {
    readonly value: bigint;
  }) => { kind: "integer"; value: bigint } | { kind: "float"; value: number },
): GraphObject {
  if (object.kind !== "table" || object.hash === undefined) return object;
  const nodes = object.hash.nodes.map((node) => {
    if (node.kind !== "entry" || node.key.kind !== "integer" || node.key.value < 1000n) return node;
    return { ...node, key: replaced(node.key) };
  });
  return { ...object, hash: { ...object.hash, nodes } };
}
