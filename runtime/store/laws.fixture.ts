/** What holds of every store, as functions that run in Node and in a browser. */
import { type Store, StoreError, type StoreFailure } from "./store.ts";

export interface Law {
  readonly name: string;
  /** `open` opens the same store each time, once the one before is closed. */
  readonly check: (open: () => Promise<Store>) => Promise<void>;
}

export const laws: readonly Law[] = [
  {
    name: "what is written is read, and replaces what was there",
    check: async (open) => {
      const store = await open();
      await equal(store.read("a"), undefined);
      await store.write("a", bytesOf(1, 2, 3));
      await equal(store.read("a"), [1, 2, 3]);
      await store.write("a", bytesOf(4));
      await equal(store.read("a"), [4]);
      await store.write("a", bytesOf());
      await equal(store.read("a"), []);
    },
  },
  {
    name: "what is appended stands behind what was written, and begins what is new",
    check: async (open) => {
      const store = await open();
      await store.append("new", bytesOf(1));
      await store.append("new", bytesOf());
      await store.append("new", bytesOf(2, 3));
      await store.write("old", bytesOf(9));
      await store.append("old", bytesOf(8));
      await equal(store.read("new"), [1, 2, 3]);
      await equal(store.read("old"), [9, 8]);
      await store.write("new", bytesOf(7));
      await store.append("new", bytesOf(6));
      await equal(store.read("new"), [7, 6]);
    },
  },
  {
    name: "all of it is there when it is opened again",
    check: async (open) => {
      const first = await open();
      await first.write("kept", bytesOf(1));
      await first.append("kept", bytesOf(2));
      await first.write("kept.2", bytesOf(3));
      await first.close();
      const second = await open();
      await equal(second.read("kept"), [1, 2]);
      await second.append("kept", bytesOf(4));
      await equal(second.read("kept"), [1, 2, 4]);
      await equal(second.names(), ["kept", "kept.2"]);
    },
  },
  {
    name: "names are told in order, and removed ones are gone",
    check: async (open) => {
      const store = await open();
      for (const name of ["b", "a", "a.b", "c-1_x"]) await store.append(name, bytesOf(1));
      await equal(store.names(), ["a", "a.b", "b", "c-1_x"]);
      await store.remove("a");
      await store.remove("a");
      await store.remove("never");
      await equal(store.read("a"), undefined);
      await equal(store.names(), ["a.b", "b", "c-1_x"]);
      await store.append("a", bytesOf(5));
      await equal(store.read("a"), [5]);
    },
  },
  {
    name: "bytes are copied in both directions, of views too",
    check: async (open) => {
      const store = await open();
      const given = bytesOf(0, 1, 2, 3, 0).subarray(1, 4);
      const writing = store.write("a", given);
      given.fill(9);
      await writing;
      const read = await store.read("a");
      read?.fill(7);
      await equal(store.read("a"), [1, 2, 3]);
      const added = bytesOf(4);
      const adding = store.append("a", added);
      added.fill(9);
      await adding;
      await equal(store.read("a"), [1, 2, 3, 4]);
    },
  },
  {
    name: "calls that do not wait for each other take effect in their order",
    check: async (open) => {
      const store = await open();
      const calls = [store.write("a", bytesOf(0))];
      for (let i = 1; i <= 20; i++) calls.push(store.append("a", bytesOf(i)));
      const read = store.read("a");
      calls.push(store.write("a", bytesOf(99)));
      await Promise.all(calls);
      await equal(
        read,
        Array.from({ length: 21 }, (_, i) => i),
      );
      await equal(store.read("a"), [99]);
    },
  },
  {
    name: "names that could leave the store, or are two on some systems only, are refused",
    check: async (open) => {
      const store = await open();
      const names = ["", ".", "..", "a/b", "a\\b", "a..b", ".a", "A", "ä", "a\0", "a".repeat(65)];
      for (const name of names) {
        await refused(() => store.read(name), "bad-request");
        await refused(() => store.write(name, bytesOf(1)), "bad-request");
        await refused(() => store.append(name, bytesOf(1)), "bad-request");
        await refused(() => store.remove(name), "bad-request");
      }
      await store.write("a".repeat(64), bytesOf(1));
    },
  },
  {
    name: "names that are no texts are refused, also those that would be one as a text",
    check: async (open) => {
      const store = await open();
      const strange = { toString: () => "a" };
      const names = [undefined, null, 5, 5n, true, Symbol("a"), ["a"], strange, () => "a"];
      for (const given of [...names, Object("a")]) {
        // As JavaScript may call it.
        const name = given as string;
        await refused(() => store.read(name), "bad-request");
        await refused(() => store.write(name, bytesOf(1)), "bad-request");
        await refused(() => store.append(name, bytesOf(1)), "bad-request");
        await refused(() => store.remove(name), "bad-request");
      }
      await equal(store.names(), []);
    },
  },
  {
    name: "what are no bytes is refused, and nothing of it is kept",
    check: async (open) => {
      const store = await open();
      await store.write("old", bytesOf(1));
      for (const given of noBytes()) {
        // As JavaScript may call it.
        const bytes = given as Uint8Array;
        for (const name of ["old", "new"]) {
          await refused(() => store.write(name, bytes), "bad-request");
          await refused(() => store.append(name, bytes), "bad-request");
        }
      }
      await equal(store.names(), ["old"]);
      await equal(store.read("old"), [1]);
    },
  },
  {
    name: "bytes of any class and memory are copied as they are",
    check: async (open) => {
      const store = await open();
      const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
      const shared = new Uint8Array(memory.buffer, 8, 2);
      // As Node's Buffer does: a slice of it is the same bytes, not a copy.
      class Sliced extends Uint8Array<ArrayBuffer> {
        override slice(): Uint8Array<ArrayBuffer> {
          return this;
        }
        override get length(): number {
          return 1;
        }
      }
      for (const given of [shared, new Sliced(new ArrayBuffer(2))]) {
        given.set([1, 2]);
        const calls = [store.write("a", given), store.append("a", given)];
        given.fill(9);
        await Promise.all(calls);
        await equal(store.read("a"), [1, 2, 1, 2]);
      }
    },
  },
  {
    name: "once closed, it refuses, and closing twice is fine",
    check: async (open) => {
      const store = await open();
      await store.write("a", bytesOf(1));
      await store.close();
      await store.close();
      await refused(() => store.read("a"), "closed");
      await refused(() => store.write("a", bytesOf(1)), "closed");
      await refused(() => store.append("a", bytesOf(1)), "closed");
      await refused(() => store.remove("a"), "closed");
      await refused(() => store.names(), "closed");
    },
  },
  {
    name: "every byte survives, in sizes around those of chunks",
    check: async (open) => {
      const store = await open();
      for (const size of [1, 31, 32, 33, 255, 4096, 70_001]) {
        const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 31 + size) % 256);
        await store.write("a", bytes);
        await store.append("a", bytes);
        await equal(store.read("a"), [...bytes, ...bytes]);
      }
    },
  },
];

function noBytes(): readonly unknown[] {
  const detached = bytesOf(1, 2);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  const buffer = new ArrayBuffer(4);
  const lookalike = { length: 2, 0: 1, 1: 2, buffer, slice: () => lookalike };
  return [
    ...[undefined, null, 3, 3n, true, "text", [1, 2], () => bytesOf(1), Symbol("a"), {}],
    ...[
      new Uint16Array([1, 258]),
      new Int8Array(2),
      new Uint8ClampedArray(2),
      new DataView(buffer),
    ],
    ...[buffer, new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer],
    ...[lookalike, Object.create(Uint8Array.prototype), new Proxy(bytesOf(1), {}), detached],
  ];
}

function bytesOf(...bytes: readonly number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes);
}

async function equal(
  actual: Promise<Iterable<number> | Iterable<string> | undefined>,
  expected: readonly unknown[] | undefined,
): Promise<void> {
  const found = await actual;
  const shown = JSON.stringify(found === undefined ? undefined : [...found]);
  if (shown === JSON.stringify(expected)) return;
  throw new Error(
    `expected ${JSON.stringify(expected)?.slice(0, 200)}, found ${shown?.slice(0, 200)}`,
  );
}

async function refused(call: () => Promise<unknown>, reason: StoreFailure): Promise<void> {
  const error = await call().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof StoreError && error.reason === reason) return;
  throw new Error(`expected a StoreError "${reason}", found ${String(error)}`);
}
