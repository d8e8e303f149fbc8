/** Frames: what is kept of them, and when a log of them is better written anew. */
import { expect, test } from "vitest";
import { joined } from "../bytes/joined.ts";
import { frameOf, readFrames } from "./framing.ts";
import { newTables } from "./kept-tables.fixture.ts";
import { MemoryStore } from "./memory-store.ts";
import { decodeSlot, encodeSlot } from "./slot-file.ts";
import { blobBytesMax } from "./store.ts";
import { beginLog, isRewriteBetter } from "./table-log.ts";
import { persistTables } from "./table-persistence.ts";

/** Each follows the one before. */
function chainOf(payloads: readonly Uint8Array[], previous = 0): Uint8Array<ArrayBuffer> {
  let checksum = previous;
  const frames = payloads.map((payload) => {
    const frame = frameOf(payload, checksum);
    checksum = frame.checksum;
    return frame.bytes;
  });
  return joined(frames);
}

const nothing = new Uint8Array(0);

test("empty frames are counted, and nothing is kept of them", () => {
  const some = Uint8Array.of(1, 2);
  const bytes = chainOf([nothing, some, ...Array.from({ length: 1000 }, () => nothing), some]);
  const { payloads, count, end } = readFrames(bytes, 0);
  expect(payloads).toEqual([some, some]);
  expect(count).toBe(1003);
  expect(end).toBe(bytes.length);
});

test("a file of empty frames alone is a blob without bytes", () => {
  const { bytes, checksum } = encodeSlot(1, nothing);
  const file = joined([bytes, chainOf([nothing, nothing], checksum)]);
  expect(decodeSlot(file)).toMatchObject({ bytes: nothing, end: file.length, droppedBytes: 0 });
});

test("a log with an empty group is damaged: none is saved so", async () => {
  const source = new MemoryStore();
  await (await persistTables({ tables: newTables(), store: source })).save();
  const whole = (await source.read("tables"))?.subarray(16) ?? nothing;
  const { bytes, checksum } = beginLog(whole);
  for (const log of [beginLog(nothing).bytes, joined([bytes, chainOf([nothing], checksum)])]) {
    const store = new MemoryStore();
    await store.write("tables", log);
    const opening = persistTables({ tables: newTables(), store });
    await expect(opening).rejects.toMatchObject({ reason: "damaged" });
  }
});

test("a log is written anew before it has more bytes than a store takes", () => {
  const liveBytes = 0.9 * blobBytesMax;
  const wholeBytes = blobBytesMax - 100;
  const log = { journalBytes: wholeBytes - liveBytes, wholeBytes, liveBytes };
  expect(isRewriteBetter({ ...log, addedBytes: 100 })).toBe(false);
  expect(isRewriteBetter({ ...log, addedBytes: 101 })).toBe(true);
});
