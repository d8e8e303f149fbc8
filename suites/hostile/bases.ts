/** What is mutated: small states and values in which each kind of object occurs, and logs. */
import { homeTableId } from "../../runtime/abi/abi.ts";
import { bytesOfKept } from "../../runtime/bytes/kept-bytes.ts";
import { latin1Of } from "../../runtime/bytes/latin1.ts";
import type { Core } from "../../runtime/core/core.ts";
import { coreOf } from "../../runtime/core/load.ts";
import type { LibraryName } from "../../runtime/instance/configuration.ts";
import type { Wiring } from "../../runtime/instance/instantiate.ts";
import { readContainer } from "../../runtime/snapshot/container.ts";
import { readFrames } from "../../runtime/store/framing.ts";
import { MemoryStore } from "../../runtime/store/memory-store.ts";
import { persistTables } from "../../runtime/store/table-persistence.ts";
import { encodeKey } from "../../runtime/value/encode.ts";
import { type Layout, layoutOfBody, layoutOfGroup, layoutOfValue } from "./places.ts";

/** What a base is given as: a snapshot, the value of an entry, or what a store keeps. */
export type BaseKind = "state" | "value" | "log";

export interface Base {
  readonly name: string;
  readonly kind: BaseKind;
  readonly libraries: readonly LibraryName[];
  /** A state: host section and body; a value: its body; a log: its groups. */
  readonly parts: readonly Layout[];
}

interface Source {
  readonly name: string;
  readonly kind: BaseKind;
  readonly libraries: readonly LibraryName[];
  readonly code: string;
}

/** Runs first in each core that a base is taken from, and in each that a mutant is given to. */
const commonCode = `users = ext.table("users") spare = ext.table() users.spare = spare
  users[1], users[2.5], users[true], users.name = "one", 2, {x = {1, 2}}, "n"`;

const small: readonly LibraryName[] = ["base"];
const most: readonly LibraryName[] = ["base", "coroutine", "string", "table"];
const all: readonly LibraryName[] = [...most, "debug", "io", "math", "os", "package", "utf8"];

const states: readonly (readonly [string, readonly LibraryName[], string])[] = [
  ["empty", small, ""],
  [
    "data",
    small,
    `t = {1, 2.5, "three", true, [0.5] = "f", [-7] = 7, [2^53] = 1, x = {}} t.self = t t[t] = t
      t.x[0.1], t.x[1/0], t.x.y = t, -1, "a string that is longer than forty bytes, so that"
      t.x[t.x.y] = 1 for i = 1, 9 do t["k" .. i] = i end t.k3, t.k4 = nil
      c = {{{{{{}}}}}} c[1][1][1].c = c`,
  ],
  [
    "arrays",
    small,
    `holes = {1, nil, nil, 4, nil, nil, 7} grown = {} for i = 1, 11 do grown[i] = i * 1.5 end
      for i = 6, 11 do grown[i] = nil end n = #grown short = {n} n = #short one = {{1}, {2}, {3}}
      few = {1, 2, 3, 4, 5} n = #few mixed = {1, 2, 3, [10] = 10, [1 << 40] = 1, [-1] = -1}`,
  ],
  [
    "dropped",
    small,
    `tables, others = {}, {} for n = 1, 24 do local t, keys = {}, {}
      for i = 1, 5 do keys[i] = {} t[keys[i]] = i t[n + i / 8] = i end
      for i = 1, 5 do t[keys[i]] = nil end tables[n] = t end
      collectgarbage() for i = 1, 200 do others[i] = {i} end`,
  ],
  [
    "classes",
    most,
    `C = setmetatable({n = 1, list = {}}, {__name = "C", __index = string}) C.__index = C
      objects = {} for i = 1, 5 do objects[i] = setmetatable({i, up = objects[i - 1]}, C) end
      weak = setmetatable({[C] = objects, [objects] = 1, [{}] = 2, x = {}}, {__mode = "k"})
      both = setmetatable({C, {}, [objects] = C}, {__mode = "kv"}) locked = {__metatable = false}
      setmetatable(objects, locked) weak.both, both.weak = both, weak setmetatable(locked, locked)`,
  ],
  [
    "settings",
    all,
    `collectgarbage("generational") collectgarbage("setpause", 150) warn("@on")
      big = {} for i = 1, 40 do big["key " .. i] = {i, -i, i / 8} end for i = 1, 30 do
      big["key " .. i] = nil end few = {table.unpack({1, 2, 3, 4, 5, 6, 7, 8, 9})} few[9] = nil`,
  ],
  [
    "metatables",
    most,
    `base = setmetatable({}, {__index = string, __name = "T", __len = rawlen, __eq = rawequal})
      object = setmetatable({1, 2}, {__index = base, __newindex = rawset, __call = select})
      weak = setmetatable({[base] = object, [object] = 1, [{}] = 2, x = {}}, {__mode = "k"})
      both = setmetatable({base, {}, [object] = base}, {__mode = "kv"})
      proxy = setmetatable({}, {__pairs = ipairs, __tostring = type, __metatable = false})
      closing = setmetatable({}, {__close = print, __concat = rawequal, __unm = tostring})`,
  ],
  [
    "finalizers",
    small,
    `done = setmetatable({x = 1}, {__gc = tostring}) other = setmetatable({done}, {__gc = rawlen})
      again = setmetatable({}, {__gc = print, __mode = "v"}) again[1] = {} third = {other, again}
      collectgarbage("generational")`,
  ],
  [
    "coroutines",
    most,
    `new = coroutine.create(print) paused = coroutine.create(coroutine.yield)
      coroutine.resume(paused, 1, "x") deep = coroutine.create(pcall)
      coroutine.resume(deep, pcall, coroutine.yield, 1, {})
      caught = coroutine.create(xpcall) coroutine.resume(caught, coroutine.yield, print, 7)
      over = coroutine.create(tostring) coroutine.resume(over, 1)
      failed = coroutine.create(error) coroutine.resume(failed, "e")
      wrapped = coroutine.wrap(pcall) wrapped(coroutine.yield) fresh = coroutine.wrap(select)`,
  ],
  [
    "closures",
    all,
    `words = ("one two three"):gmatch("(%a)(%a+)") words() fresh = ("x"):gmatch("")
      lines = io.lines() wrap = coroutine.wrap(coroutine.yield) wrap(1) random = math.random
      held = {words, fresh, wrap, random} io.stdout:setvbuf("no")`,
  ],
  [
    "files",
    all,
    `out, err, meta = io.stdout, io.stderr, getmetatable(io.stdout)
      named = {out = out, [err] = "err"} input = io.input()`,
  ],
  [
    "tables",
    small,
    `held = {_home, users, spare} byHandle = {[users] = 1, [spare] = spare} held[users] = held
      weak = setmetatable({users, [users] = spare}, {__mode = "kv"})`,
  ],
  [
    "external",
    small,
    `held = {_home, users, spare} f, s, k = pairs(users) k = f(s, k) g, h, i = pairs(_home)
      again = ext.table("again") _home.again = again byHandle = {[users] = 1, [spare] = spare}`,
  ],
  ["hosts", small, `data = {1, {2}} text = "data"`],
  ["calls", small, `called = visitor inside = {visitor, print} bound = {[visitor] = true}`],
  [
    "types",
    all,
    `debug.setmetatable(nil, {__index = rawget}) debug.setmetatable(true, {__call = print})
      debug.setmetatable(print, {__index = string}) debug.setmetatable(1, {__index = math})
      collectgarbage("stop") warn("@on") package.loaded.mine = {1} string.mine = {2}`,
  ],
  [
    "functions",
    most,
    `local n = 0 function count() n = n + 1 return n end
      co = coroutine.wrap(function() local x <close> = nil coroutine.yield(count) end) co()`,
  ],
];

const values: readonly (readonly [string, string])[] = [
  ["class", `local C = setmetatable({n = 1}, {__index = string, __name = "C"}) C.me = C return C`],
  [
    "list",
    `local t = setmetatable({1, 2, nil, 4, {5}, "x"}, {}) t[t] = t t[2.5] = 1 t[9] = t
      return t`,
  ],
  ["tables", `return setmetatable({ext.table("users"), [_home] = 1, {1}}, {__index = string})`],
  [
    "array",
    `local t = {} for i = 1, 11 do t[i] = i end for i = 6, 11 do t[i] = nil end
      return setmetatable(t, {__mode = "k", __len = nil, [("long "):rep(9)] = 1})`,
  ],
];

const logCode = `_home.a = {1, 2, {x = "y"}} _home[1], _home[2.5] = true, users users.home = _home
  _home.o = setmetatable({1, 2, 3}, {__index = string}) gone = ext.table() gone.x = 1`;
const laterCode = `gone = nil _home.a = nil _home.b = "later" users.name = nil
  ext.table("more").x = spare`;

const sources: readonly Source[] = [
  ...states.map(([name, libraries, code]) => ({ kind: "state", name, libraries, code }) as const),
  ...values.map(([name, code]) => ({ kind: "value", name, libraries: most, code }) as const),
  { kind: "log", name: "log", libraries: most, code: logCode },
];

/** The entry of `_home` in which a value is stored. */
export const keyV = latin1Of(encodeKey("v"));
/** "LPWT" and its version. */
const logMagicBytes = 8;

/** All bases, as that build makes them: the numbers of objects follow its addresses. */
export async function basesOf(module: WebAssembly.Module): Promise<readonly Base[]> {
  const bases: Base[] = [];
  for (const source of sources) {
    const { name, kind, libraries } = source;
    bases.push({ name, kind, libraries, parts: await partsOf(module, source) });
  }
  return bases;
}

/** A core of those libraries that has what all bases refer to. */
export async function commonCore(
  module: WebAssembly.Module,
  options: { readonly libraries: readonly LibraryName[]; readonly wiring?: Wiring },
): Promise<Core> {
  const { libraries, wiring } = options;
  const core = await coreOf(module, {
    options: { libraries, seed: 1, integers: "bigint", strings: "bytes" },
    ...(wiring === undefined ? {} : { wiring }),
  });
  core.register("visitor", () => undefined);
  run(core, commonCode);
  return core;
}

export function run(core: Core, code: string): void {
  const result = core.compute(code);
  if (!result.ok) throw new TypeError(`${code}: ${result.code}: ${String(result.error)}`);
}

async function partsOf(module: WebAssembly.Module, source: Source): Promise<readonly Layout[]> {
  const core = await commonCore(module, source);
  switch (source.kind) {
    case "state": {
      run(core, source.code);
      const saved = core.snapshot();
      const read = saved.ok ? readContainer(saved.bytes) : saved;
      if (!read.ok || !("container" in read)) throw new TypeError(`${source.name} can't be saved`);
      const { host, body } = read.container;
      return [layoutOfValue(host), layoutOfBody(body)];
    }
    case "value": {
      run(core, `_home.v = (function() ${source.code} end)()`);
      const kept = core.tables.registry.find(homeTableId)?.entries.get(keyV);
      return [layoutOfBody(bytesOfKept(kept ?? "").subarray(1))];
    }
    case "log":
      return await groupsOf(core, source.code);
  }
}

async function groupsOf(core: Core, code: string): Promise<readonly Layout[]> {
  const store = new MemoryStore();
  const kept = await persistTables({ tables: core.tables, store });
  run(core, code);
  await kept.save();
  run(core, laterCode);
  core.runGc();
  await kept.save();
  const bytes = await store.read("tables");
  if (bytes === undefined) throw new TypeError("nothing was stored");
  return readFrames(bytes, logMagicBytes).payloads.map(layoutOfGroup);
}
