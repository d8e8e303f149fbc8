/** States that no Lua makes: refused by the guest as well, which with trust alone looks at them. */

import { fails, isTrue, succeeded } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { joined } from "../../runtime/bytes/joined.ts";
import type {
  CallRecord,
  GraphObject,
  GraphValue,
  SnapshotGraph,
} from "../../runtime/graph/graph.ts";
import { shortStringAt } from "../../runtime/graph/text-keys.ts";
import { readContainer, writeContainer } from "../../runtime/snapshot/container.ts";
import { type Change, changed, isRefused, withGraph } from "./changed-snapshots.ts";
import { untouched } from "./refusals.ts";
import { type Load, saved } from "./saved-program.ts";

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
      name: "error-handler",
      title: "an error handler just above a coroutine's stack",
      code: "co = coroutine.wrap(function() pcall(coroutine.yield) end) co()",
      change: (object) =>
        object.kind === "coroutine" && object.calls.length > 0
          ? { ...object, errorHandlerSlot: object.stack.length }
          : object,
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
      change: (object) => withCalls(object, () => ({ resultsWanted: 5000 })),
    },
    ...(
      [
        ["string.gmatch.iterator", 'f = ("a b"):gmatch("%a")'],
        ["math.random", ""],
        ["math.randomseed", ""],
        ["coroutine.wrap.function", "f = coroutine.wrap(print)"],
        ["io.lines.iterator", "f = io.lines()"],
      ] as const
    ).map(([name, code]) => ({
      name: `upvalues-${name.replaceAll(".", "-")}`,
      title: `${name} without what it takes for granted`,
      code,
      change: (object: GraphObject) => withoutUpvalues(object, name),
    })),
    {
      name: "call-top",
      title: "a call that ends where it begins",
      code: "co = coroutine.create(pcall) coroutine.resume(co, coroutine.yield)",
      change: (object) => withCalls(object, ({ functionSlot }) => ({ topSlot: functionSlot })),
    },
    {
      name: "extra-arguments",
      title: "a function with more extra arguments than lie below it",
      code: `co = coroutine.create(function(...) coroutine.yield() end)
        coroutine.resume(co, 1, 2)`,
      change: (object) =>
        withCalls(object, ({ functionSlot, callee }) =>
          callee.kind === "lua" ? { callee: { ...callee, extraArguments: functionSlot } } : {},
        ),
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

const trusted = { bytecode: "trusted" } as const;
const nilValue: GraphValue = { kind: "nil" };

function withTypedRegistry(object: GraphObject, { roots, objects }: SnapshotGraph): GraphObject {
  if (roots.scope !== "state" || object !== objects[roots.registry]) return object;
  return object.kind === "table" ? { ...object, metatable: roots.registry } : object;
}

/** C functions of that name, with nil in the upvalues. */
function withoutUpvalues(object: GraphObject, name: string): GraphObject {
  if (object.kind !== "cClosure" || object.name !== name) return object;
  return { ...object, upvalues: object.upvalues.map(() => nilValue) };
}

function withCalls(
  object: GraphObject,
  change: (call: CallRecord) => Partial<CallRecord>,
): GraphObject {
  if (object.kind !== "coroutine") return object;
  const calls = object.calls.map(
    (call): CallRecord => ({ ...call, ...change(call) }) as CallRecord,
  );
  return { ...object, calls };
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

/** Where a body says how many functions it has, and how many names, which begin at 32. */
const functionCountAt = 20;
const nameCountAt = 24;
const namesAt = 32;

function withFunctionCount(snapshot: Uint8Array, count: number): Uint8Array {
  const read = readContainer(snapshot);
  isTrue(read.ok, "the container reads");
  const body = read.container.body.slice();
  new DataView(body.buffer).setUint32(functionCountAt, count, true);
  return writeContainer({ ...read.container, functionCount: count, body });
}

/** The first name of the body, so many times more. */
function withMoreNames(snapshot: Uint8Array, more: number): Uint8Array {
  const read = readContainer(snapshot);
  isTrue(read.ok, "the container reads");
  const { body } = read.container;
  const name = body.subarray(namesAt, namesAt + 1 + (body[namesAt] ?? 0));
  const rest = body.subarray(namesAt);
  const parts = [body.slice(0, namesAt), ...Array.from({ length: more }, () => name), rest];
  const longer = joined(parts);
  const view = new DataView(longer.buffer);
  view.setUint32(nameCountAt, view.getUint32(nameCountAt, true) + more, true);
  return writeContainer({ ...read.container, body: longer });
}

async function isImpossible(load: Load, snapshot: Uint8Array): Promise<void> {
  await isRefused({ load }, snapshot);
  const { core, check } = await untouched(await load({ seed: 2 }));
  fails(core.restore(snapshot, trusted), "BAD_SNAPSHOT", "with trust");
  check();
}

export const impossibleCases = [
  ...[...impossible(), ...impossibleCalls()].map(({ name, title, code, change }) =>
    defineCase({
      id: `persistence/impossible-${name}`,
      title: `Refused by the guest too, whoever vouches for it: ${title}`,
      run: async ({ load }) => {
        const core = await load({ seed: 1 });
        succeeded(core.compute(code), "the state");
        const snapshot = saved(core);
        await isImpossible(
          load,
          withGraph(snapshot, (graph) => changed(graph, change)),
        );
      },
    }),
  ),
  defineCase({
    id: "persistence/impossible-function-count",
    title: "Refused by the guest too, whoever vouches for it: another number of functions",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      succeeded(core.compute("function f() end"), "a function");
      for (const count of [0, 2]) await isImpossible(load, withFunctionCount(saved(core), count));
      isTrue(
        (await load()).restore(withFunctionCount(saved(core), 1), trusted).ok,
        "the right one",
      );
    },
  }),
  defineCase({
    id: "persistence/impossible-names",
    title: "Refused by the guest too, whoever vouches for it: more names than C functions",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      for (const more of [100, 300, 10_000]) {
        await isImpossible(load, withMoreNames(saved(core), more));
      }
    },
  }),
];
