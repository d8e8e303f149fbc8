/** The host section: what is written is read again, and what is none is refused. */
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { idMax } from "../abi/abi.ts";
import { latin1Of } from "../bytes/latin1.ts";
import { DecodeError } from "../check/errors.ts";
import { LuaBytes } from "../scalar/scalars.ts";
import { encodeValue } from "../value/encode.ts";
import type { LuaInput } from "../value/values.ts";
import { decodeHostSection, encodeHostSection, type HostSection } from "./host-section.ts";

const number = fc.nat(idMax);
const bytes = fc.uint8Array({ maxLength: 12 }).map((each) => latin1Of(each));
const place = fc.record({ tableId: number, nextKey: fc.option(bytes, { nil: undefined }) });
const places = fc
  .record({
    places: fc.array(place, { minLength: 1, maxLength: 4 }),
    iterators: fc.uniqueArray(fc.record({ id: number, at: fc.nat(3) }), {
      selector: ({ id }) => id,
    }),
  })
  .map(({ places, iterators }) =>
    places
      .map((each, at) => {
        const here = iterators.filter((iterator) => iterator.at % places.length === at);
        return { ...each, ids: here.map(({ id }) => id) };
      })
      .filter(({ ids }) => ids.length > 0),
  );
const section: fc.Arbitrary<HostSection> = fc.record({
  functions: fc.array(fc.tuple(number, bytes)).map((entries) => new Map(entries)),
  handles: fc.array(fc.tuple(number, number)).map((entries) => new Map(entries)),
  iterators: places,
  nextTable: number,
});

const reference = encodeHostSection({
  functions: new Map([
    [0, "app.save"],
    [7, "\xff"],
  ]),
  handles: new Map([[1, 1]]),
  iterators: [
    { ids: [3, 5], tableId: 1, nextKey: "\x04\x01\x00\x00\x00k" },
    { ids: [4], tableId: 1, nextKey: undefined },
  ],
  nextTable: 2,
});

const empty = { functions: new Map(), handles: new Map(), iterators: [], nextTable: 1 };

/** With Maps as the test makes them. */
function plain(section: HostSection): HostSection {
  const { functions, handles } = section;
  return { ...section, functions: new Map(functions), handles: new Map(handles) };
}

describe("a host section", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(section, (each) => {
        expect(plain(decodeHostSection(encodeHostSection(each)))).toEqual(each);
      }),
    );
  });

  it("has the key of a place once, however many loops stand there", () => {
    const bytesFor = (iterators: number, keyBytes: number): number => {
      const ids = Array.from({ length: iterators }, (_, i) => i + 1);
      const at = { tableId: 1, nextKey: "k".repeat(keyBytes), ids };
      return encodeHostSection({ ...empty, iterators: [at] }).length;
    };
    expect(bytesFor(1000, 50_000) - bytesFor(1000, 10)).toBe(49_990);
    // An id and a reference: nothing of the key.
    expect(bytesFor(1001, 50_000) - bytesFor(1000, 50_000)).toBe(14);
  });

  it("is read in its older form too, which had each loop's place on its own", () => {
    const next = new Uint8Array([4, 1, 0, 0, 0, 107]);
    const older = encodeValue(
      {
        functions: {},
        handles: {},
        iterators: new Map([
          [3, { table: 1, next }],
          [4, { table: 1, next }],
        ]),
        nextTable: 2,
      },
      () => 0,
    );
    const nextKey = latin1Of(next);
    expect(decodeHostSection(older).iterators).toEqual([
      { ids: [3], tableId: 1, nextKey },
      { ids: [4], tableId: 1, nextKey },
    ]);
  });

  it("reads a place once, however many loops refer to it", () => {
    const ids = Array.from({ length: 1000 }, (_, i) => i + 1);
    const at = { tableId: 1, nextKey: "k".repeat(5000), ids };
    const bytes = encodeHostSection({ ...empty, iterators: [at] });
    const read = vi.spyOn(LuaBytes.prototype, "toBytes");
    expect(decodeHostSection(bytes).iterators).toEqual([at]);
    const keyReads = read.mock.results.filter(({ value }) => value.length === 5000);
    read.mockRestore();
    expect(keyReads).toHaveLength(1);
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

  const fields = { functions: {}, handles: {}, iterators: {}, nextTable: 1 };
  it.each<[string, LuaInput, RegExp]>([
    ["no table", 5, /the host section is no table/],
    ["a missing field", { functions: {}, handles: {}, nextTable: 1 }, /iterators is no table/],
    ["an unknown field", { ...fields, more: 1 }, /unknown field/],
    ["a field that is no text", new Map<LuaInput, LuaInput>([[1, 1]]), /is no string/],
    ["a number below 0", { ...fields, functions: new Map([[-1, "f"]]) }, /is no integer/],
    ["a number above i32", { ...fields, nextTable: 2 ** 31 }, /is no integer/],
    ["a fraction", { ...fields, handles: new Map([[1, 0.5]]) }, /is no integer/],
    ["a name that is no text", { ...fields, functions: new Map([[0, 1]]) }, /is no string/],
    [
      "a place without a table",
      { ...fields, iterators: new Map([[1, {}]]) },
      /is a table and a key/,
    ],
    [
      "a place with more",
      { ...fields, iterators: new Map([[1, { table: 1, more: 1 }]]) },
      /is a table and a key/,
    ],
  ])("is refused with %s", (_name, value, message) => {
    const encoded = encodeValue(value, () => 0);
    expect(() => decodeHostSection(encoded)).toThrow(DecodeError);
    expect(() => decodeHostSection(encoded)).toThrow(message);
  });
});
