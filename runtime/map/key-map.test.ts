/** KeyMap against a Map: the same answers, and loops that go on the same way. */
import { describe, expect, it } from "vitest";
import { type KeyCursor, KeyMap } from "./key-map.ts";

/** A small generator whose numbers repeat with the seed. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe("a KeyMap", () => {
  it.each([1, 2, 3, 4])("goes on as a Map does under random changes (%i)", (seed) => {
    const below = numbersFrom(seed);
    const ours = new KeyMap<number>();
    const theirs = new Map<string, number>();
    const loops: { ours: KeyCursor<number>; theirs: Iterator<[string, number]> }[] = [];
    // Long keys, some of one length, among the others.
    const keys = Array.from(
      { length: 200 },
      (_, i) => (i % 20 === 0 ? "k".repeat(16_400) : "") + i,
    );
    for (let step = 0; step < 5_000; step++) {
      const key = keys[below(keys.length)] ?? "";
      // Times of growth, and times in which most is deleted.
      const isGrowing = Math.floor(step / 500) % 2 === 0;
      switch (below(10)) {
        case 0:
          if (loops.length < 20) loops.push({ ours: ours.begin(), theirs: theirs.entries() });
          break;
        case 1:
        case 2: {
          const loop = loops[below(loops.length)];
          if (loop === undefined) break;
          const { done, value } = loop.theirs.next();
          expect([loop.ours.key, loop.ours.value]).toEqual(
            done === true ? [undefined, undefined] : value,
          );
          if (done === true) loops.splice(loops.indexOf(loop), 1);
          else loop.ours.step();
          break;
        }
        case 3:
          if (below(300) === 0) {
            ours.clear();
            theirs.clear();
          }
          break;
        default:
          if (below(10) < (isGrowing ? 8 : 2)) {
            ours.set(key, step);
            theirs.set(key, step);
          } else expect(ours.delete(key)).toBe(theirs.delete(key));
      }
      if (ours.size !== theirs.size || ours.get(key) !== theirs.get(key)) {
        expect.fail(`${key} at step ${step}`);
      }
    }
    expect([...ours]).toEqual([...theirs]);
  });

  it("begins at a key, and at its end", () => {
    const map = new KeyMap<number>();
    for (const [i, key] of ["a", "b", "c"].entries()) map.set(key, i);
    const cursor = map.beginAt("b");
    const end = map.beginAtEnd();
    expect([cursor?.key, cursor?.value]).toEqual(["b", 1]);
    expect(map.beginAt("x")).toBeUndefined();
    map.delete("b");
    expect(cursor?.key).toBe("c");
    expect(end.key).toBeUndefined();
    map.set("b", 3);
    expect(end.key).toBe("b");
  });

  it("that was emptied goes on where its cursors stand", () => {
    const map = new KeyMap<number>();
    for (const key of ["a", "b"]) map.set(key, 0);
    const cursor = map.begin();
    cursor.step();
    for (const key of ["a", "b"]) expect(map.delete(key)).toBe(true);
    expect([map.size, cursor.key, map.has("a")]).toEqual([0, undefined, false]);
    map.set("a", 1);
    expect([cursor.key, cursor.value, [...map]]).toEqual(["a", 1, [["a", 1]]]);
  });

  it("finds many long keys of one length without comparing each with all", () => {
    const map = new KeyMap<number>();
    const start = "k".repeat(20_000);
    const keyOf = (i: number) => start + String(i).padStart(6, "0");
    for (let i = 0; i < 300; i++) map.set(keyOf(i), i);
    for (let i = 0; i < 300; i += 2) expect(map.delete(keyOf(i))).toBe(true);
    expect(map.get(keyOf(7))).toBe(7);
    expect(map.has(keyOf(8))).toBe(false);
    expect(map.size).toBe(150);
  });
});
