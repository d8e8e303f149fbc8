/** Damaged bodies, given to the guest without a checksum: refused or loaded, and nothing traps. */
import type { Case, Figures, Subject } from "../../harness/suite/case.ts";
import { equal, isTrue } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import type { Load } from "../persistence/saved-program.ts";
import { type RawCore, rawCore } from "../raw-core.ts";
import { type Random, randomOf } from "./random.ts";
import { bodyOf, type ReferenceState, referenceStates, snapshotOf } from "./reference-states.ts";
import { isInside, type Region, trustedRegions } from "./regions.ts";

/** How many of each state in the standard tier. */
const sampledFlips = 4_000;
const sampledCuts = 400;
const sampledEdits = 2_000;
/** With those of the other states more than 100,000. */
const allEdits = 21_000;
const limitMs = 120_000;
const exhaustiveLimitMs = 20 * 60_000;
/** Bit 0 of restore_state: functions may be in it, as in a snapshot that is trusted. */
const withFunctions = 1;

/** A changed body, and the places that were changed in it. */
interface Damaged {
  readonly body: Uint8Array;
  readonly places: readonly number[];
  readonly what: string;
}

export const damagedBodyCases: readonly Case[] = referenceStates.flatMap((state) => [
  defineCase({
    id: `serializer/body-flips-${state.name}`,
    title: `Bits flipped and ends cut off, without a checksum: ${state.title}`,
    limitMs,
    run: async ({ subject, load, seed }) => {
      const body = bodyOf(await snapshotOf(state, load));
      const random = randomOf(seed);
      const flips = Array.from({ length: sampledFlips }, () =>
        flipped(body, random(body.length * 8)),
      );
      const cuts = Array.from({ length: sampledCuts }, () => cut(body, random(body.length)));
      return await tryAll(subject, body, [...flips, ...cuts]);
    },
  }),
  defineCase({
    id: `serializer/body-flips-all-${state.name}`,
    title: `Each bit flipped and each end cut off, without a checksum: ${state.title}`,
    tier: "exhaustive",
    limitMs: exhaustiveLimitMs,
    run: async ({ subject, load }) => {
      const body = bodyOf(await snapshotOf(state, load));
      return await tryAll(subject, body, everyDamage(body));
    },
  }),
  editCase(state, { suffix: "", tier: "standard", count: sampledEdits }),
  editCase(state, { suffix: "-many", tier: "exhaustive", count: allEdits }),
]);

function editCase(
  state: ReferenceState,
  { suffix, tier, count }: { suffix: string; tier: Case["tier"]; count: number },
): Case {
  return defineCase({
    id: `serializer/body-edits${suffix}-${state.name}`,
    title: `${count} random edits and splices, without a checksum: ${state.title}`,
    tier,
    limitMs: tier === "exhaustive" ? exhaustiveLimitMs : limitMs,
    run: async ({ subject, load, seed }) => {
      const body = bodyOf(await snapshotOf(state, load));
      const others = await otherBodies(state, load);
      return await tryAll(subject, body, edits(body, { others, count, random: randomOf(seed) }));
    },
  });
}

async function otherBodies(state: ReferenceState, load: Load): Promise<readonly Uint8Array[]> {
  const bodies = [];
  for (const other of referenceStates) {
    if (other !== state) bodies.push(bodyOf(await snapshotOf(other, load)));
  }
  return bodies;
}

function* everyDamage(body: Uint8Array): Iterable<Damaged> {
  for (let bit = 0; bit < body.length * 8; bit++) yield flipped(body, bit);
  for (let length = 0; length < body.length; length++) yield cut(body, length);
}

function flipped(body: Uint8Array, bit: number): Damaged {
  const changed = body.slice();
  const at = bit >>> 3;
  changed[at] = (changed[at] ?? 0) ^ (1 << (bit & 7));
  return { body: changed, places: [at], what: `bit ${bit & 7} of byte ${at} flipped` };
}

function cut(body: Uint8Array, length: number): Damaged {
  return { body: body.slice(0, length), places: [], what: `cut to ${length} bytes` };
}

function* edits(
  body: Uint8Array,
  options: {
    readonly others: readonly Uint8Array[];
    readonly count: number;
    readonly random: Random;
  },
): Iterable<Damaged> {
  const { others, count, random } = options;
  for (let i = 0; i < count; i++)
    yield i % 2 === 0 ? edited(body, random) : spliced(body, others, random);
}

/** Some bytes become others, most often ones that a number or a tag would be. */
function edited(body: Uint8Array, random: Random): Damaged {
  const changed = body.slice();
  const places = Array.from({ length: 1 + random(4) }, () => random(body.length));
  for (const at of places) {
    changed[at] = random(3) === 0 ? random(256) : ([0, 1, 0xff, 0x7f, 0x80][random(5)] ?? 0);
  }
  return { body: changed, places, what: `bytes ${places.join(", ")} edited` };
}

/** A piece of a body, this or another, takes the place of one here: longer, shorter or as long. */
function spliced(body: Uint8Array, others: readonly Uint8Array[], random: Random): Damaged {
  const from = others[random(others.length + 1)] ?? body;
  const [at, removed, added] = [random(body.length), random(40), random(40)];
  const start = random(from.length);
  const piece = from.slice(start, start + (random(2) === 0 ? removed : added));
  const changed = Uint8Array.from([
    ...body.subarray(0, at),
    ...piece,
    ...body.subarray(at + removed),
  ]);
  // All that follows may have moved.
  return { body: changed, places: [at], what: `${removed} bytes at ${at} became ${piece.length}` };
}

/**
 * Restores, collects and closes each. A trap is let pass where the change is in bytecode or in
 * saved frames: there the library only takes what is trusted.
 */
async function tryAll(
  subject: Subject,
  reference: Uint8Array,
  all: Iterable<Damaged>,
): Promise<Figures> {
  const regions = trustedRegions(reference);
  let raw = await rawCore(subject);
  equal(tryOne(raw, reference), 0, "the body as it was made");
  const figures = { tried: 0, refused: 0, restored: 0, trappedInside: 0, trappedOutside: 0 };
  const traps: string[] = [];
  for (const { body, places, what } of all) {
    figures.tried += 1;
    try {
      if (tryOne(raw, body) === 0) figures.restored += 1;
      else figures.refused += 1;
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) throw error;
      if (areInside(regions, places)) figures.trappedInside += 1;
      else {
        figures.trappedOutside += 1;
        traps.push(`${what}: ${error.message}`);
      }
      raw = await rawCore(subject);
    }
  }
  isTrue(traps.length === 0, `${traps.length} traps: ${traps.slice(0, 5).join("; ")}`);
  equal(tryOne(raw, reference), 0, "the body as it was made, after all that");
  return figures;
}

function areInside(regions: readonly Region[], places: readonly number[]): boolean {
  return places.length > 0 && places.every((at) => isInside(regions, at));
}

const refusals = new Set<unknown>(["BAD_SNAPSHOT", "OUT_OF_MEMORY", "RUNTIME_FAILED"]);

/** 0, or the name of the code that it was refused with. */
function tryOne({ guest, host, status }: RawCore, body: Uint8Array): string | number {
  host.promised.promise(body);
  const answer = status(guest.restoreState(withFunctions));
  if (answer !== 0) {
    isTrue(refusals.has(answer), `refused with ${answer}`);
    return answer;
  }
  for (let turn = 0; turn < 2; turn++) isTrue(guest.runGc() >= 0, "a collection");
  guest.deinit();
  return 0;
}
