/** Bytes that come in pieces: joined in order, in one buffer however many pieces there are. */
import { expect, it } from "vitest";
import { CollectedBytes } from "./byte-streams.ts";

it("joins pieces of all sizes, and begins anew once they are taken", () => {
  const collected = new CollectedBytes();
  const whole: number[] = [];
  for (let size = 0; size < 600; size += 7) {
    const piece = Uint8Array.from({ length: size }, (_, i) => (size + i) & 255);
    collected.add(piece);
    piece.fill(0);
    for (let i = 0; i < size; i++) whole.push((size + i) & 255);
    expect(collected.length).toBe(whole.length);
  }
  expect([...collected.take()]).toEqual(whole);
  expect(collected.length).toBe(0);
  collected.add(Uint8Array.of(1));
  expect([...collected.take()]).toEqual([1]);
});
