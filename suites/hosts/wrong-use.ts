/** Whatever an embedder passes or throws: an error of the library's own, and a core unharmed. */

import { fails, isTrue, isWithin, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import {
  BusyError,
  CoreLoadError,
  DecodeError,
  EncodeError,
  LuaError,
  UsageError,
} from "../../runtime/check/errors.ts";
import type { Core } from "../../runtime/core/core.ts";
import { loadCore } from "../../runtime/core/load.ts";
import { LuaBytes, LuaFloat } from "../../runtime/scalar/scalars.ts";
import { openSnapshot, SnapshotError, sealSnapshot } from "../../runtime/snapshot/authentic.ts";
import { LuaTable, LuaValues } from "../../runtime/value/values.ts";

const boom = (): never => {
  throw new Error("boom");
};

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function detached(): Uint8Array {
  const bytes = new Uint8Array(8);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

/** Its buffer ends before it begins. */
function shrunk(): Uint8Array {
  const buffer = new ArrayBuffer(16, { maxByteLength: 16 });
  const bytes = new Uint8Array(buffer, 8, 8);
  buffer.resize(4);
  return bytes;
}

function* endless(): Generator<readonly [number, number]> {
  for (let i = 1; ; i++) yield [i, i];
}

class EndlessMap extends Map<unknown, unknown> {
  override [Symbol.iterator](): MapIterator<[unknown, unknown]> {
    return endless() as unknown as MapIterator<[unknown, unknown]>;
  }
}

const endlessMap: unknown = new EndlessMap([[1, 1]]);

function nested(depth: number): unknown {
  let value: unknown = [];
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

const throwing = new Proxy({}, { get: boom, ownKeys: boom, getPrototypeOf: boom });

/** Values of which most have no meaning anywhere. */
const oddities: readonly (readonly [string, unknown])[] = [
  ["null", null],
  ["a symbol", Symbol("odd")],
  ["a function", boom],
  ["NaN", Number.NaN],
  ["-0", -0],
  ["-1", -1],
  ["1.5", 1.5],
  ["2^64", 2n ** 64n],
  ["a huge bigint", 10n ** 5000n],
  ["a text", "odd"],
  ["a lone surrogate", "\ud800"],
  ["true", true],
  ["a date", new Date(0)],
  ["a promise", Promise.resolve(1)],
  ["a sparse array", Object.assign(new Array(3), { 0: 1, 2: 3 })],
  ["a huge array", new Array(2 ** 32 - 1)],
  ["an array that says it is endless", new Proxy([], { get: () => 2 ** 53 })],
  ["an array with a symbol", [Symbol("odd")]],
  ["a deep array", nested(500)],
  ["detached bytes", detached()],
  ["bytes of a buffer that has shrunk", shrunk()],
  ["an ArrayBuffer", new ArrayBuffer(4)],
  ["wide elements", new Uint16Array(4)],
  ["what calls itself bytes", { [Symbol.toStringTag]: "Uint8Array", length: 2 ** 40 }],
  ["what calls itself a map", { [Symbol.toStringTag]: "Map" }],
  ["a revoked proxy", revoked({})],
  ["a revoked array", revoked([])],
  ["a revoked function", revoked(boom)],
  ["a proxy of bytes", new Proxy(new Uint8Array(4), {})],
  ["a proxy of a map", new Proxy(new Map(), {})],
  ["a proxy that throws", throwing],
  ["a getter that throws", Object.defineProperty({}, "x", { get: boom, enumerable: true })],
  ["a class without a name", Object.create(Object.create(throwing))],
  ["a map that never ends", endlessMap],
  ["a LuaTable that is none", Object.create(LuaTable.prototype)],
  ["a LuaBytes that is none", Object.create(LuaBytes.prototype)],
  ["a LuaFloat that is none", Object.create(LuaFloat.prototype)],
  ["a LuaFloat with another value", Object.create(LuaFloat.prototype, { value: { value: "1" } })],
  ["values that are none", new LuaValues(5 as unknown as [])],
  ["an option that there is not", { heapLimit: 5 }],
];

const ours = [CoreLoadError, UsageError, EncodeError, DecodeError, BusyError, SnapshotError];

function checkOurs(error: unknown, what: string): void {
  isTrue(
    ours.some((kind) => error instanceof kind),
    `${what} throws an error of the library, not ${String(error)}`,
  );
  isWithin(String(error).length, { max: 2500 }, `${what}: the message's length`);
}

/** As an application without types would pass it. */
type Anything = never;

/** Every public entry, given a value where it takes one. What returns is as good as what throws. */
const entries: readonly ((core: Core, value: Anything) => unknown)[] = [
  (core, value) => core.compute(value),
  (core, value) => core.call(value),
  (core, value) => core.call("print", value),
  (core, value) => core.call("print", [1, { x: value }], new Map([[value, 1]])),
  (core, value) => core.register(value, boom),
  (core, value) => core.register("f", value),
  (core, value) => core.snapshot(value),
  (core, value) => core.snapshot({ debugInformation: value }),
  (core, value) => core.restore(value),
  (core, value) => core.restore(new Uint8Array(9), value),
  (core, value) => core.restore(new Uint8Array(9), { bytecode: value }),
  (core, value) => core.restore(new Uint8Array(9), { limits: value }),
  (core, value) => core.restore(new Uint8Array(9), { limits: { bytesMax: value } }),
  (core, value) => core.restore(new Uint8Array(9), { failAllocation: value }),
  (core, value) => core.loadImage(value),
  (core, value) => core.loadImage(new Uint8Array(9), value),
  (core, value) => core.diff(value, value),
  (core, value) => core.tables.named(value),
  (core, value) => core.tables.get(value),
  (core, value) => core.tables.home.set(value, 1),
  (core, value) => core.tables.home.set("key", value),
  (core, value) => core.tables.home.get(value),
  (core, value) => core.tables.home.has(value),
  (core, value) => core.tables.home.delete(value),
  (core, value) => typeof value === "function" || core.tables.home.forEach(value),
  // What never ends would end at a Map's own limit, after a minute.
  (_, value) => new LuaTable(value === endlessMap ? [] : value),
  (_, value) => new LuaTable().get(value),
  (_, value) => new LuaTable().has(value),
  (_, value) => new LuaTable().delete(value),
  (_, value) => new LuaTable().set(value, 1),
  (_, value) => new LuaBytes(value),
  (_, value) => new LuaFloat(value),
  (_, value) => new LuaBytes("a").equals(value),
];

/** What the host's own functions do with a value while Lua waits for them. */
const answers: readonly ((value: unknown) => unknown)[] = [
  (value) => value,
  (value) => new LuaValues([value as Anything, 1]),
  (value) => {
    throw value;
  },
  (value) => {
    throw new LuaError(value);
  },
  (value) => {
    throw Object.defineProperty(new Error("x"), "message", { value });
  },
  () => {
    throw Object.defineProperty(new Error("x"), "message", { get: boom });
  },
  () => {
    throw Object.defineProperty(new LuaError("x"), "value", { get: boom });
  },
  () => {
    throw new Error("x".repeat(10_000_000));
  },
];

const optionNames = [
  ...["libraries", "bytecode", "traceback", "seed", "heapLimitBytes", "failAllocation"],
  ...["failCount", "quota", "modules", "input", "onOutput", "time", "clock", "integers", "strings"],
];

async function endsOurs(call: () => unknown, what: string): Promise<void> {
  try {
    await call();
  } catch (error) {
    checkOurs(error, what);
  }
}

function checkAnswers(core: Core, what: string): void {
  succeeds(core.compute("return 1 + 1"), [2], what);
}

export const wrongUse = [
  defineCase({
    id: "hosts/wrong-values",
    title: "Each public entry with each odd value: the error is ours, and the core answers",
    limitMs: 60_000,
    run: async ({ load }) => {
      const core = await load();
      for (const [name, value] of oddities) {
        for (const entry of entries) {
          const what = `${String(entry)} with ${name}`;
          await endsOurs(() => entry(core, value as Anything), what);
          checkAnswers(core, what);
        }
      }
    },
  }),
  defineCase({
    id: "hosts/wrong-answers",
    title: "Whatever a host's function returns or throws: a value or an error in Lua, of some size",
    limitMs: 60_000,
    run: async ({ load }) => {
      const made: { answer: () => unknown } = { answer: boom };
      const answer = () => made.answer() as Anything;
      const core = await load({ input: answer, modules: answer, time: answer, clock: answer });
      core.register("answer", answer);
      const code = `for _, f in ipairs {answer, io.read, require, os.time, os.clock} do
          local ok, message = pcall(f, "m")
          if type(message) == "string" and #message > 8000 then error("a long message") end
        end`;
      for (const [name, value] of oddities) {
        for (const each of answers) {
          made.answer = () => each(value);
          const what = `${String(each)} with ${name}`;
          succeeds(core.compute(code), [], what);
          const result = core.compute("return answer()");
          if (!result.ok && result.code !== "BAD_VALUE") fails(result, "RUNTIME_FAILED", what);
          checkAnswers(core, what);
        }
      }
    },
  }),
  defineCase({
    id: "hosts/wrong-output",
    title: "onOutput that throws anything or calls the core: HOST_FAILED or BUSY, the core answers",
    run: async ({ load }) => {
      const codes = new Set<string>();
      let take: (core: Core) => void = () => undefined;
      const core: Core = await load({ onOutput: () => take(core) });
      for (const each of [
        (inner: Core) => inner.compute("print('again')"),
        (inner: Core) => inner.call("print", "again"),
        (inner: Core) => inner.snapshot(),
      ]) {
        take = (inner) => {
          const result = each(inner);
          codes.add(result.ok ? "ok" : result.code);
        };
        succeeds(core.compute("print('x') return 1"), [1], "a call of the core");
        succeeds(core.compute("print(('x'):rep(70000)) return 1"), [1], "in the middle");
      }
      isTrue([...codes].join() === "BUSY", `the codes: ${[...codes].join()}`);
      take = (inner) => inner.dispose();
      fails(core.compute("print('x')"), "HOST_FAILED", "dispose");
      for (const [name, value] of oddities) {
        take = () => {
          throw value;
        };
        fails(core.compute("print('x')"), "HOST_FAILED", name);
        fails(core.compute("print(('x'):rep(70000))"), "HOST_FAILED", name);
        core.runGc();
      }
      take = () => undefined;
      checkAnswers(core, "afterwards");
    },
  }),
  defineCase({
    id: "hosts/wrong-options",
    title: "Each option with each odd value is refused, or taken; it is read once",
    limitMs: 60_000,
    run: async ({ subject }) => {
      const module = await WebAssembly.compile(subject.wasm);
      for (const [name, value] of oddities) {
        await endsOurs(() => loadCore(value as Anything), `loadCore of ${name}`);
        for (const options of [
          value,
          ...optionNames.map((option) => ({ [option]: value })),
          { quota: { maxBytes: value } },
          { libraries: [value] },
          { modules: { m: value } },
          { modules: new Map([["m", value]]) },
        ]) {
          const what = `an option: ${name}`;
          await endsOurs(async () => {
            const core = await loadCore(module, options as Anything);
            checkAnswers(core, what);
            core.dispose();
          }, what);
        }
      }
      let reads = 0;
      const options = {
        get seed() {
          reads += 1;
          return reads === 1 ? 1 : ("changed" as Anything);
        },
      };
      checkAnswers(await loadCore(module, options), "an option that changes");
      isTrue(reads === 1, `the option is read once, not ${reads} times`);
    },
  }),
  defineCase({
    id: "hosts/wrong-seals",
    title: "sealSnapshot and openSnapshot with each odd value: the error is ours",
    run: async ({ load }) => {
      const core = await load();
      const taken = core.snapshot();
      const key = new Uint8Array(32).fill(7);
      const bytes = taken.ok ? taken.bytes : new Uint8Array(0);
      const sealed = await sealSnapshot(bytes, key);
      for (const [name, value] of oddities) {
        await endsOurs(() => sealSnapshot(value as Anything, key), `sealed: ${name}`);
        await endsOurs(() => sealSnapshot(bytes, value as Anything), `the key: ${name}`);
        await endsOurs(() => openSnapshot(value as Anything, key), `opened: ${name}`);
        await endsOurs(() => openSnapshot(sealed, value as Anything), `to open: ${name}`);
      }
      isTrue(core.restore(await openSnapshot(sealed, key)).ok, "the right key");
    },
  }),
];
