/** The host section: what is written is read again, and what is none is refused. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeValue } from "./encode.ts";
import { DecodeError } from "./errors.ts";
import { decodeHostSection, encodeHostSection, type HostSection } from "./host-section.ts";
import { latin1Of } from "./table-key.ts";
import type { LuaInput } from "./values.ts";

const number = fc.nat(0x7fff_ffff);
const bytes = fc.uint8Array({ maxLength: 12 }).map((each) => latin1Of(each));
const section: fc.Arbitrary<HostSection> = fc.record({
  functions: fc.array(fc.tuple(number, bytes)).map((entries) => new Map(entries)),
  handles: fc.array(fc.tuple(number, number)).map((entries) => new Map(entries)),
  iterators: fc.uniqueArray(
    fc.record({ id: number, tableId: number, nextKey: fc.option(bytes, { nil: undefined }) }),
    { selector: ({ id }) => id },
  ),
  nextTable: number,
});

const reference = encodeHostSection({
  functions: new Map([
    [0, "app.save"],
    [7, "\xff"],
  ]),
  handles: new Map([[1, 1]]),
  iterators: [
    { id: 3, tableId: 1, nextKey: "\x04\x01\x00\x00\x00k" },
    { id: 4, tableId: 1, nextKey: undefined },
  ],
  nextTable: 2,
});

describe("a host section", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(section, (each) => {
        expect(decodeHostSection(encodeHostSection(each))).toEqual(each);
      }),
    );
  });

  it("is refused when it is cut off, wherever", () => {
    for (let length = 0; length < reference.length; length++) {
      expect(() => decodeHostSection(reference.subarray(0, length))).toThrow(DecodeError);
    }
  });

  it("is read or refused with any bit changed, and never fails otherwise", () => {
    let refused = 0;
    for (let bit = 0; bit < reference.length * 8; bit++) {
      const damaged = reference.slice();
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      try {
        decodeHostSection(damaged);
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(reference.length * 4);
  });

  const empty = { functions: {}, handles: {}, iterators: {}, nextTable: 1 };
  it.each<[string, LuaInput, RegExp]>([
    ["no table", 5, /the host section is no table/],
    ["a missing field", { functions: {}, handles: {}, nextTable: 1 }, /iterators is no table/],
    ["an unknown field", { ...empty, more: 1 }, /unknown field/],
    ["a field that is no text", new Map<LuaInput, LuaInput>([[1, 1]]), /is no string/],
    ["a number below 0", { ...empty, functions: new Map([[-1, "f"]]) }, /is no integer/],
    ["a number above i32", { ...empty, nextTable: 2 ** 31 }, /is no integer/],
    ["a fraction", { ...empty, handles: new Map([[1, 0.5]]) }, /is no integer/],
    ["a name that is no text", { ...empty, functions: new Map([[0, 1]]) }, /is no string/],
    [
      "a place without a table",
      { ...empty, iterators: new Map([[1, {}]]) },
      /is a table and a key/,
    ],
    [
      "a place with more",
      { ...empty, iterators: new Map([[1, { table: 1, more: 1 }]]) },
      /is a table and a key/,
    ],
  ])("is refused with %s", (_name, value, message) => {
    const encoded = encodeValue(value, () => 0);
    expect(() => decodeHostSection(encoded)).toThrow(DecodeError);
    expect(() => decodeHostSection(encoded)).toThrow(message);
  });
});
