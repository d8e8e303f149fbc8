/** Snapshots that nobody vouches for carry data alone, and what is refused changes nothing. */

import { equal, fails, isTrue, matches, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { idMax } from "../../runtime/abi/abi.ts";
import { latin1Of } from "../../runtime/bytes/latin1.ts";
import type { CoreOptions } from "../../runtime/core/options.ts";
import type { GraphObject, SnapshotGraph } from "../../runtime/graph/graph.ts";
import { stringHash } from "../../runtime/graph/string-chains.ts";
import { LuaBytes } from "../../runtime/scalar/scalars.ts";
import { readContainer, writeContainer } from "../../runtime/snapshot/container.ts";
import { decodeHostSection, encodeHostSection } from "../../runtime/snapshot/host-section.ts";
import { changed, isRefused, withGraph } from "./changed-snapshots.ts";
import { untouched } from "./refusals.ts";
import { saved } from "./saved-program.ts";

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
  {
    name: "merged-library",
    code: "type, math = math.type, _G",
    path: /_G\.type \(C function math\.type/,
  },
  {
    name: "merged-loaded",
    code: "for k, v in pairs(utf8) do string[k] = v end utf8 = string",
    path: /_G\.utf8\.\w+ \(C function utf8\.\w+, which has another place/,
  },
  { name: "library-of-another", code: "string = utf8", path: /string\.len \(leads to utf8\.len/ },
  {
    name: "copy-of-another",
    code: "local own = {} for k, v in pairs(utf8) do own[k] = v end utf8, string = own, own",
    path: /_G\.utf8\.\w+ \(C function utf8\.\w+, which has another place/,
  },
  {
    name: "methods-of-another",
    code: 'getmetatable("").__index = utf8',
    path: /\(""\)\.len \(leads to utf8\.len/,
  },
  {
    name: "index-of-globals",
    code: "setmetatable(_G, {__index = debug}).setmetatable = nil",
    path: /: setmetatable \(leads to debug\.setmetatable/,
  },
  {
    name: "index-in-two-steps",
    code: "string = setmetatable({}, {__index = setmetatable({}, {__index = utf8})})",
    path: /string\.len \(leads to utf8\.len/,
  },
  {
    name: "nested-index",
    code: "table = nil setmetatable(_G, {__index = {table = os}})",
    path: /table\.remove \(leads to os\.refused/,
  },
  { name: "string-as-library", code: 'utf8 = ""', path: /utf8\.\w+ \(leads to string\./ },
  {
    name: "type-of-nil",
    code: "table = nil debug.setmetatable(nil, {__index = os})",
    path: /table\.remove \(leads to os\.refused/,
  },
  {
    name: "type-of-number",
    code: "table = setmetatable({}, {__index = 5}) debug.setmetatable(5, {__index = os})",
    path: /table\.remove \(leads to os\.refused/,
  },
  { name: "file-as-library", code: "io = io.stdout", path: /io\.\w+ \(leads to file:/ },
  {
    name: "index-of-preload",
    code: "setmetatable(package.preload, {__index = {}})",
    path: /package\.preload \(has an __index/,
  },
  {
    name: "index-of-loaded",
    code: "setmetatable(package.loaded, {__index = {table = os}}).table = nil",
    path: /package\.loaded \(has an __index/,
  },
  {
    name: "new-entries-of-a-library",
    code: "setmetatable(_G, {__newindex = string})",
    path: /_G \(has a __newindex/,
  },
  {
    name: "package-of-loaded",
    code: "local M = package.loaded M.loaded = {table = os} package = M",
    path: /package\.loaded\.table\.remove \(leads to os/,
  },
  {
    name: "library-in-an-external-table",
    code: "table = nil setmetatable(_G, {__index = _home})",
    path: /table \(leads out of reach/,
  },
  {
    name: "many-steps",
    code: "local t = {} for i = 1, 200 do t = setmetatable({}, {__index = t}) end string = t",
    path: /string\.\w+ \(leads to what is behind too many __index/,
  },
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
    name: "type-name",
    code: "getmetatable(io.stdout).__name = 'another'",
    path: /registry\["FILE\*"\]/,
  },
  {
    name: "upvalue-text",
    code: "debug.setupvalue(os.exit, 1, 'another')",
    path: /_G\.os\.exit/,
    maker: trusting,
  },
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

const dataOfAllKinds = `local piece = ("long"):rep(200)
  data = {1, 2, {3}, n = 1.5, s = "text", [2.5] = true}
  data.self, _home.kept = data, "kept" t = ext.table("t")`;

const trusted = { bytecode: "trusted" } as const;

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
          for _ in pairs(_home) do end local random = math.random
          utf8 = {} coroutine, debug = utf8, setmetatable(utf8, {__index = _home})`),
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
  ...(["externalTable", "file"] as const).map((kind) =>
    defineCase({
      id: `persistence/rebuilt-type-${kind.toLowerCase()}`,
      title: `The metatable of each ${kind} can't be made anew: not saved, and refused with trust`,
      run: async ({ load }) => {
        const core = await load({ seed: 1 });
        const library = kind === "file" ? "io.stdout" : "_home";
        succeeded(core.compute("maker = function() return {} end"), "a maker");
        const snapshot = saved(core);
        const rebuilt = withGraph(snapshot, (graph) => {
          const { objects } = graph;
          const made = objects.findIndex((each) => each.kind === "luaClosure");
          const user = objects.find(
            (each) => each.kind === "userdata" && each.content.kind === kind,
          );
          const type = user?.kind === "userdata" ? user.metatable : undefined;
          return changed(graph, (object) =>
            object === objects[type ?? -1] ? { kind: "rebuilt", salt: 1, rebuilder: made } : object,
          );
        });
        const { core: other, check } = await untouched(await load({ seed: 2 }));
        fails(other.restore(rebuilt, trusted), "BAD_SNAPSHOT", "made anew");
        check();
        const code = `setmetatable(debug.getmetatable(${library}), {__persist = function()
          return maker end})`;
        succeeded(core.compute(code), "the metatable of a metatable");
        const { error } = fails(core.snapshot(), "NOT_PERSISTABLE", "saved");
        matches(error, /registry.* \(its maker failed: bad snapshot: registry\)/, "the message");
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
];

/** Eight bytes whose hash ends in 13 zero bits: others for each number. */
function sameHash(seed: number, number: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  for (let tried = number * 65_536; ; tried++) {
    view.setUint32(0, tried);
    view.setUint32(4, number);
    if ((stringHash(bytes, seed) & 0x1fff) === 0) return bytes;
  }
}

function textOf({ bytes }: Extract<GraphObject, { kind: "string" }>): string {
  return latin1Of(bytes.toBytes());
}
