/** Damaged containers: all are refused, by checksums or MAC, and the state is untouched. */

import type { Case, Figures } from "../../harness/suite/case.ts";
import { CheckFailure, equal, isTrue } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import type { Core } from "../../runtime/core/core.ts";
import { openSnapshot, SnapshotError, sealSnapshot } from "../../runtime/snapshot/authentic.ts";
import { untouched } from "../persistence/refusals.ts";
import { restores } from "../persistence/saved-program.ts";
import { randomOf } from "./random.ts";
import { referenceStates, snapshotOf } from "./reference-states.ts";

const limitMs = 120_000;
const exhaustiveLimitMs = 20 * 60_000;
/** One MAC takes longer than a whole container without: so many in the standard tier. */
const sampledSeals = 3_000;
/** How often it is seen that the state goes on. */
const checkedEach = 4_000;
const trusted = { bytecode: "trusted" } as const;
const key = Uint8Array.from({ length: 32 }, (_, place) => 255 - place);

export const damagedContainerCases: readonly Case[] = referenceStates.flatMap((state) => [
  defineCase({
    id: `serializer/container-flips-${state.name}`,
    title: `Every bit flipped and every end cut off: refused, the state untouched: ${state.title}`,
    limitMs,
    run: async ({ load }) => {
      const snapshot = await snapshotOf(state, load);
      const { core, check } = await untouched(await load({ seed: 2 }));
      let refused = 0;
      for (const changed of damages(snapshot)) {
        isRefused(core, changed);
        refused += 1;
        if (refused % checkedEach === 0) check(`after ${refused} damaged ones`);
      }
      check();
      restores(core, snapshot);
      return { refused, snapshotBytes: snapshot.length };
    },
  }),
  defineCase({
    id: `serializer/seal-flips-${state.name}`,
    title: `Bits flipped and ends cut off behind a MAC: refused: ${state.title}`,
    limitMs,
    run: async ({ load, seed }) => {
      const sealed = await sealSnapshot(await snapshotOf(state, load), key);
      const random = randomOf(seed);
      const sample = Array.from({ length: sampledSeals }, (_, place) =>
        place % 8 === 0
          ? sealed.slice(0, random(sealed.length))
          : flipped(sealed, random(sealed.length * 8)),
      );
      return await allRefusedBySeal(await load({ seed: 2 }), { sealed, damaged: sample });
    },
  }),
  defineCase({
    id: `serializer/seal-flips-all-${state.name}`,
    title: `Every bit flipped and every end cut off behind a MAC: refused: ${state.title}`,
    tier: "exhaustive",
    limitMs: exhaustiveLimitMs,
    run: async ({ load }) => {
      const sealed = await sealSnapshot(await snapshotOf(state, load), key);
      return await allRefusedBySeal(await load(), { sealed, damaged: damages(sealed) });
    },
  }),
]);

function isRefused(core: Core, changed: Uint8Array): void {
  const result = core.restore(changed, trusted);
  if (!result.ok && result.code === "BAD_SNAPSHOT") return;
  throw new CheckFailure(`a damaged container came to ${result.ok ? "a state" : result.code}`);
}

async function allRefusedBySeal(
  core: Core,
  { sealed, damaged }: { readonly sealed: Uint8Array; readonly damaged: Iterable<Uint8Array> },
): Promise<Figures> {
  const opened = await openSnapshot(sealed, key);
  let refused = 0;
  for (const changed of damaged) {
    if (await isOpened(changed)) throw new CheckFailure(`damaged, and opened: ${refused}`);
    refused += 1;
  }
  const { check } = await untouched(core);
  check();
  equal(core.restore(opened), { ok: true }, "the one that was not damaged");
  return { refused, sealedBytes: sealed.length };
}

async function isOpened(bytes: Uint8Array): Promise<boolean> {
  try {
    await openSnapshot(bytes, key);
    return true;
  } catch (error) {
    isTrue(error instanceof SnapshotError, `refused with ${String(error)}`);
    return false;
  }
}

function* damages(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let bit = 0; bit < bytes.length * 8; bit++) yield flipped(bytes, bit);
  for (let length = 0; length < bytes.length; length++) yield bytes.subarray(0, length);
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const changed = bytes.slice();
  const at = bit >>> 3;
  changed[at] = (changed[at] ?? 0) ^ (1 << (bit & 7));
  return changed;
}
