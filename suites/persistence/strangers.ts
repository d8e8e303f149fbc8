/** Snapshots that nobody vouches for carry data alone, and what is refused changes nothing. */

import { equal, fails, isTrue, matches, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { idMax } from "../../runtime/abi/abi.ts";
import { latin1Of } from "../../runtime/bytes/latin1.ts";
import type { GraphObject, SnapshotGraph } from "../../runtime/graph/graph.ts";
import { stringHash } from "../../runtime/graph/string-chains.ts";
import { LuaBytes } from "../../runtime/scalar/scalars.ts";
import { readContainer, writeContainer } from "../../runtime/snapshot/container.ts";
import { decodeHostSection, encodeHostSection } from "../../runtime/snapshot/host-section.ts";
import { changed, isRefused, withGraph } from "./changed-snapshots.ts";
import { untouched } from "./refusals.ts";
import { saved } from "./saved-program.ts";
import { behaviours } from "./stranger-behaviours.ts";

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
          utf8 = {} coroutine, debug = utf8, setmetatable({}, {__index = utf8})
          strict.more = setmetatable({}, {__index = _home, __newindex = _home})`),
        "the state",
      );
      const snapshot = saved(core);
      const after = `return data.self == data, data[3][1], data.n, data[2.5], _home.kept,
        ext.id(t) > 1,
        io.output() == io.stderr, os.exit, load, string.rep, package.path, string.own[1],
        strict.upper("s"), strict.more.kept,
        getmetatable(_G).__name, (1).unit, app.log(), math.random(1000)`;
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
      matches(
        await isRefused({ load }, withGraph(saved(core), alike)),
        /keys were chosen/,
        "the message",
      );
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
