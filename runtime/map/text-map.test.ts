/** A Map of long texts: it behaves as a Map does, and takes up no text that is gone. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { LuaTable } from "../value/values.ts";
import { LongTexts, shortTextMax } from "./long-texts.ts";
import { TextMap } from "./text-map.ts";

/** Of equal beginnings, around the lengths where a part ends. */
const text = fc
  .record({
    parts: fc.nat(2),
    more: fc.constantFrom(0, 1, 7),
    last: fc.constantFrom("", "a", "b"),
  })
  .map(({ parts, more, last }) => "x".repeat(parts * shortTextMax + more) + last);
const step = fc.record({ kind: fc.constantFrom("set", "delete", "get"), text });

it("answers as a Map does, whatever is set and deleted", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const [is, should] = [new TextMap<string, number>(), new Map<string, number>()];
      const table = new LuaTable();
      for (const [i, { kind, text }] of steps.entries()) {
        if (kind === "set") {
          is.set(text, i);
          should.set(text, i);
          table.set(text, i);
        }
        if (kind === "delete") {
          const isDeleted = should.delete(text);
          expect(is.delete(text)).toBe(isDeleted);
          expect(table.delete(text)).toBe(isDeleted);
        }
        expect(is.get(text)).toBe(should.get(text));
        expect(is.has(text)).toBe(should.has(text));
        expect(table.get(text)).toBe(should.get(text));
        expect(table.has(text)).toBe(should.has(text));
      }
      expect([...is.values()]).toEqual([...should.values()]);
      expect(is.size).toBe(should.size);
      expect([...table]).toEqual([...should]);
    }),
  );
});

it("finds a long text by parts that V8 hashes by what they hold", () => {
  const texts = new LongTexts();
  const [one, other] = ["a", "b"].map((last) => "x".repeat(3 * shortTextMax) + last);
  const added = texts.add(one ?? "");
  expect(texts.add(`${one}`)).toBe(added);
  expect(texts.find(other ?? "")).toBeUndefined();
  expect(texts.add(other ?? "")).not.toBe(added);
  texts.remove(added);
  expect(texts.find(one ?? "")).toBeUndefined();
  // The beginning, which is no text of its own.
  expect(texts.find("x".repeat(3 * shortTextMax))).toBeUndefined();
  expect(texts.find(other ?? "")?.text).toBe(other);
});
