/** Containers that are not what they should be: other versions, other keys, damaged, older. */

import {
  equal,
  fails,
  isTrue,
  matches,
  rejects,
  succeeded,
  succeeds,
} from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { xxh32 } from "../../runtime/bytes/xxh32.ts";
import type { Core } from "../../runtime/core/core.ts";
import { openSnapshot, SnapshotError, sealSnapshot } from "../../runtime/snapshot/authentic.ts";
import { readContainer, writeContainer } from "../../runtime/snapshot/container.ts";
import { untouched } from "./refusals.ts";
import { type Load, restores, saved } from "./saved-program.ts";

const trusted = { bytecode: "trusted" } as const;
const key = Uint8Array.from({ length: 32 }, (_, place) => place * 7);
const otherKey = key.toReversed();

async function example(load: Load): Promise<{ readonly core: Core; readonly bytes: Uint8Array }> {
  const core = await load({ seed: 1 });
  succeeded(core.compute("n = 1 function next_n() n = n + 1 return n end"), "the state");
  return { core, bytes: saved(core) };
}

/** The container with a number of its header replaced, and its checksum made right again. */
function withHeader(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const changed = bytes.slice();
  const view = new DataView(changed.buffer);
  view.setUint16(at, value, true);
  view.setUint32(44, xxh32(changed.subarray(0, 44)), true);
  return changed;
}

/** The container with a number of its body replaced, and all checksums made right again. */
function withBody(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const read = readContainer(bytes);
  isTrue(read.ok, "the container reads");
  const body = read.container.body.slice();
  new DataView(body.buffer).setUint16(at, value, true);
  return writeContainer({ ...read.container, body });
}

const others: readonly {
  readonly name: string;
  readonly title: string;
  readonly change: (bytes: Uint8Array) => Uint8Array;
  readonly message: RegExp;
}[] = [
  {
    name: "version",
    title: "another version of the container",
    change: (bytes) => withHeader(bytes, 8, 2),
    message: /version 2/,
  },
  {
    name: "lua",
    title: "another release of Lua, as the container says",
    change: (bytes) => withHeader(bytes, 16, 50_407),
    message: /Lua release 50407/,
  },
  {
    name: "kind",
    title: "an unknown kind",
    change: (bytes) => withHeader(bytes, 10, 9),
    message: /kind 9/,
  },
  {
    name: "body-version",
    title: "another version of the body",
    change: (bytes) => withBody(bytes, 4, 2),
    message: /bad snapshot/,
  },
  {
    name: "body-lua",
    title: "another release of Lua, as the body says",
    change: (bytes) => withBody(bytes, 8, 50_407),
    message: /bad snapshot/,
  },
  {
    name: "figure-sizes",
    title: "another size of integers",
    change: (bytes) => withBody(bytes, 12, 0x0404),
    message: /bad snapshot/,
  },
  {
    name: "empty",
    title: "no bytes at all",
    change: () => new Uint8Array(0),
    message: /0 bytes are no snapshot/,
  },
  {
    name: "longer",
    title: "a byte too many",
    change: (bytes) => Uint8Array.from([...bytes, 0]),
    message: /announces/,
  },
];

export const containerCases = [
  ...others.map(({ name, title, change, message }) =>
    defineCase({
      id: `persistence/other-${name}`,
      title: `Refused, and the state untouched: ${title}`,
      run: async ({ load }) => {
        const { bytes } = await example(load);
        const { core, check } = await untouched(await load());
        const failure = fails(core.restore(change(bytes), trusted), "BAD_SNAPSHOT", title);
        matches(failure.error, message, "the message");
        check();
      },
    }),
  ),
  defineCase({
    id: "persistence/sealed",
    title: "A sealed snapshot opens with its key alone, and needs no other trust then",
    run: async ({ load }) => {
      const { bytes } = await example(load);
      const sealed = await sealSnapshot(bytes, key);
      const { core, check } = await untouched(await load());
      await rejects(SnapshotError, openSnapshot(sealed, otherKey), "another key");
      await rejects(SnapshotError, openSnapshot(bytes, key), "not sealed");
      const resealed = sealed.slice();
      resealed[100] = (resealed[100] ?? 0) ^ 1;
      await rejects(SnapshotError, openSnapshot(resealed, key), "a changed bit");
      fails(core.restore(sealed), "BAD_SNAPSHOT", "sealed, but not opened");
      check();
      isTrue(core.restore(await openSnapshot(sealed, key)).ok, "opened");
      succeeds(core.compute("return next_n()"), [2], "the state");
    },
  }),
  defineCase({
    id: "persistence/replay",
    title: "An older snapshot is an older state: restored as often as it is asked for",
    run: async ({ load }) => {
      const { core, bytes } = await example(load);
      for (let turn = 0; turn < 3; turn++) {
        succeeds(core.compute("return next_n(), next_n()"), [2, 3], `turn ${turn}`);
        restores(core, bytes);
      }
      equal(core.diff(bytes, saved(core)), [], "what differs after all that");
    },
  }),
  defineCase({
    id: "persistence/limits",
    title: "More bytes or objects than the caller allows are refused before anything is made",
    run: async ({ load }) => {
      const { bytes } = await example(load);
      const { core, check } = await untouched(await load());
      for (const limits of [{ bytesMax: bytes.length - 1 }, { objectsMax: 10 }]) {
        const failure = fails(
          core.restore(bytes, { ...trusted, limits }),
          "BAD_SNAPSHOT",
          "limits",
        );
        matches(failure.error, /more than the limit/, "the message");
      }
      check();
      isTrue(core.restore(bytes, { ...trusted, limits: { bytesMax: bytes.length } }).ok, "allowed");
    },
  }),
  defineCase({
    id: "persistence/stripped",
    title: "Without debug information the state is smaller, and errors have no positions",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      const code = "function f(name) local other = name error(other) end";
      succeeded(core.compute(code), "the code");
      const [whole, stripped] = [saved(core), saved(core, "stripped", { debugInformation: false })];
      isTrue(stripped.length < whole.length, "it is smaller");
      const other = await load();
      restores(other, whole);
      equal(fails(other.call("f", "x"), "RUNTIME_FAILED", "kept").error, "eval:1: x", "kept");
      restores(other, stripped);
      matches(
        fails(other.call("f", "x"), "RUNTIME_FAILED", "none").error,
        /^(\?:-?\d*: )?x$/,
        "none",
      );
      return { wholeBytes: whole.length, strippedBytes: stripped.length };
    },
  }),
];
