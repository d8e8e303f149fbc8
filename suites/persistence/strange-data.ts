/** Data of a stranger that would harm what follows, and what only looks like that. */

import { isTrue, matches, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import type { Core } from "../../runtime/core/core.ts";
import type { SnapshotGraph, TableObject } from "../../runtime/graph/graph.ts";
import { changed, isRefused, isTableWith, withGraph } from "./changed-snapshots.ts";
import { type Load, saved } from "./saved-program.ts";

/** What a program can leave, and why it is refused without trust. */
const programs = [
  [
    "library-alias",
    "A library under another one's name in package.loaded, by which values would name it",
    "package.loaded.os = string",
    /package\.loaded\.\w+ \(a library under a name/,
  ],
  [
    "globals-alias",
    "The globals under another name in package.loaded",
    "package.loaded.mine = _G",
    /package\.loaded\.mine \(a module that no fresh core has/,
  ],
  [
    "class-as-module",
    "A table that would be a module: by its name values would be stored, and never read elsewhere",
    "Class = {kind = 1} package.loaded.Class = Class",
    /package\.loaded\.Class \(a module that no fresh core has/,
  ],
  [
    "loaded-already",
    "A module that require would not look for any more",
    "package.loaded.policy = true",
    /package\.loaded\.policy \(a module that no fresh core has/,
  ],
  [
    "room-for-modules",
    "So much room for modules that each value with a class would take for ever to be stored",
    `for i = 1, 2000 do package.loaded[i + .5] = i end
      for i = 1, 2000 do package.loaded[i + .5] = nil end`,
    /package\.loaded \(room for \d+ modules\)/,
  ],
  [
    "many-names",
    "Modules with so many names that each error message would take for ever to look for one",
    "for i = 1, 9000 do string[i + .5], math[i + .5] = i, i end",
    /package\.loaded \(modules with \d+ entries\)/,
  ],
  [
    "weak-keys",
    "More tables with weak keys than the collector can look at again and again",
    `weak = {} local mode = {__mode = "k"}
      for i = 1, 300 do weak[i] = setmetatable({}, mode) end`,
    /\(metatable of _G\.weak\[\d+\]\) \(weak keys in 257 tables/,
  ],
  [
    "weak-key-entries",
    "More entries with weak keys than the collector can look at again and again",
    `weak, list = setmetatable({}, {__mode = "k"}), {}
      for i = 1, 5000 do list[i] = {} weak[list[i]] = list[i - 1] or list end`,
    /\(metatable of _G\.weak\) \(weak keys in 1 tables with \d+ entries/,
  ],
  [
    "longest-chain",
    "Integers as keys of which so many have one place that the next entry would take for ever",
    "t = {} for i = 1, 9000 do t[i * 16383] = i end",
    /its keys were chosen/,
  ],
  [
    "weak-globals",
    "A metatable that lets the collector empty the globals",
    'setmetatable(_G, {__mode = "kv"})',
    /\(metatable of _G\) \(a table with functions can't be weak\)/,
  ],
  [
    "weak-library",
    "A metatable that lets the collector empty a library",
    'setmetatable(string, {__mode = "v"})',
    /\(metatable of _G\.string\) \(a table with functions can't be weak\)/,
  ],
] as const;

/** Programs that leave unusual data, which is restored without trust, and code that reads it. */
const honest: readonly (readonly [name: string, title: string, code: string, answers: string])[] = [
  [
    "crowded-integers",
    "Integers as keys that all have one place in their table",
    "t = {} for i = 1, 4096 do t[i * 4095] = i end",
    "local n = 0 for k, v in pairs(t) do n = n + v end return n, t[4095 * 4096]",
  ],
  [
    "crowded-objects",
    "Objects as keys that all have one place in their table",
    `t, list = {}, {} for i = 1, 900 do
       local key = {} t[key], list[i] = i, key for j = 1, 255 do local filler = {} end end`,
    "local n = 0 for i, key in ipairs(list) do n = n + t[key] end return n",
  ],
  ...["os", "math", "string", "table", "io", "ext", "coroutine", "utf8", "debug", "package"].map(
    (name) =>
      [
        `in-place-of-${name}`,
        `A table of data in the place of the library ${name}`,
        `${name} = {data = 1}`,
        `return ${name}.data`,
      ] as const,
  ),
  [
    "weak-keys",
    "Tables with weak keys, as caches have them",
    `cache, list = setmetatable({}, {__mode = "k"}), {}
      for i = 1, 500 do list[i] = {} cache[list[i]] = {i} end`,
    "local n = 0 for i = 1, 500 do n = n + cache[list[i]][1] end return n",
  ],
  [
    "module-replaced",
    "A table of data in the place of a loaded library, whose global is still there",
    "package.loaded.os = {data = 1}",
    'return require("os").data, type(os.time)',
  ],
  [
    "library-copied",
    "A copy of a library in its place",
    "local copy = {} for k, v in pairs(string) do copy[k] = v end string = copy",
    'return string.upper("a"), ("a"):upper(), require("string") == string',
  ],
  [
    "library-emptied",
    "A library of which one function is left",
    'for k in pairs(os) do if k ~= "time" then os[k] = nil end end',
    "return type(os.time), os.clock",
  ],
  [
    "methods-replaced",
    "Methods of strings that are data",
    'getmetatable("").__index = {length = 7}',
    'return ("x").length',
  ],
];

/** What is not data of programs: made by changing a snapshot. */
const forgeries: readonly (readonly [
  name: string,
  title: string,
  code: string,
  change: (graph: SnapshotGraph) => SnapshotGraph,
  reason: RegExp,
])[] = [
  [
    "never-saved",
    "An object whose __persist is false, which no core would have saved",
    "meta, object = {__persist = false}, {7}",
    (graph) => {
      const meta = graph.objects.findIndex((each) => isTableWith(graph, each, "__persist"));
      return changed(graph, (each) =>
        each.kind === "table" && each.array[0]?.kind === "integer" && each.array[0].value === 7n
          ? { ...each, metatable: meta }
          : each,
      );
    },
    /_G\.object \(__persist is false\)/,
  ],
  [
    "handle-for-ever",
    "A handle without the finalizer that lets its table go",
    'handle = ext.table("kept")',
    (graph) => {
      const id = graph.objects.findIndex(
        (each) =>
          each.kind === "userdata" &&
          each.content.kind === "externalTable" &&
          each.content.table !== 1,
      );
      const { roots } = graph;
      isTrue(roots.scope === "state", "a state");
      const finalizable = roots.finalizable.filter((each) => each !== id);
      const without = changed(graph, (each) =>
        each === graph.objects[id] && each.kind === "userdata"
          ? { ...each, hasFinalizer: false }
          : each,
      );
      return { ...without, roots: { ...roots, finalizable } };
    },
    /_G\.handle \(external table \d+\)/,
  ],
  [
    "more-than-memory",
    "More slots than any memory has, which would take a hundred times as much to look at",
    "list = {7}",
    (graph) =>
      changed(graph, (each) => {
        if (each.kind !== "table" || each.array[0]?.kind !== "integer") return each;
        const array = Array<TableObject["array"][number]>(200_000).fill({ kind: "nil" });
        return { ...each, array, arrayLimit: array.length };
      }),
    /slots and more, which no memory has/,
  ],
];

/** A core in which the program has run. */
async function coreAfter(code: string, load: Load): Promise<Core> {
  const core = await load({ seed: 1 });
  succeeded(core.compute(code), "the state");
  return core;
}

export const strangeDataCases = [
  ...programs.map(([name, title, code, reason]) =>
    defineCase({
      id: `persistence/stranger-${name}`,
      title: `Without trust refused: ${title}`,
      run: async ({ load }) => {
        const core = await coreAfter(code, load);
        const snapshot = saved(core);
        matches(await isRefused({ load }, snapshot), reason, "the message");
        isTrue(core.restore(snapshot, { bytecode: "trusted" }).ok, "with trust");
      },
    }),
  ),
  ...honest.map(([name, title, code, answers]) =>
    defineCase({
      id: `persistence/data-${name}`,
      title: `Without trust restored: ${title}`,
      run: async ({ load }) => {
        const core = await coreAfter(code, load);
        const other = await load({ seed: 2 });
        const restored = other.restore(saved(core));
        isTrue(restored.ok, `restored: ${restored.ok ? "" : String(restored.error)}`);
        const { values } = succeeded(core.compute(answers), "here");
        succeeds(other.compute(answers), values, "there");
      },
    }),
  ),
  ...forgeries.map(([name, title, code, change, reason]) =>
    defineCase({
      id: `persistence/stranger-${name}`,
      title: `Without trust refused: ${title}`,
      run: async ({ load }) => {
        const core = await coreAfter(code, load);
        const snapshot = saved(core);
        const prepare = (other: Core) => void other.tables.named("kept");
        const other = await load({ seed: 2 });
        prepare(other);
        isTrue(other.restore(snapshot).ok, "nothing but the change is refused");
        const message = await isRefused({ load }, withGraph(snapshot, change), prepare);
        matches(message, reason, "the message");
      },
    }),
  ),
];
