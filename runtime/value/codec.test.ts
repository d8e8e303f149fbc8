/** Laws of the codec: what is encoded is decoded as it was, and nothing else is decoded at all. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { valueTags } from "../abi/abi.ts";
import { floatsAtEdges, integersAtEdges, lengthsAtEdges } from "../bytes/edges.fixture.ts";
import { latin1Of } from "../bytes/latin1.ts";
import { DecodeError, EncodeError, UnknownTableError } from "../check/errors.ts";
import { LuaBytes, LuaFloat } from "../scalar/scalars.ts";
import { type Decoding, decodeList, decodeValue } from "./decode.ts";
import { encodeKey, encodeList, encodeValue } from "./encode.ts";
import { type LuaInput, LuaTable, type LuaValue } from "./values.ts";
import { isCanonicalKey, referencesIn } from "./walk.ts";

const decoding: Decoding = { integers: "number", strings: "text", tableOf: () => undefined };
const noTables = () => {
  throw new Error("no external table is expected");
};
const encode = (value: LuaInput) => encodeValue(value, noTables);
const roundTrip = (value: LuaInput) => decodeValue(encode(value), decoding);

const scalar = fc.oneof(
  fc.boolean(),
  fc.double(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.string({ unit: "binary" }),
  fc.uint8Array().map((bytes) => new LuaBytes(bytes)),
  fc.double().map((value) => new LuaFloat(value)),
);
const { value: anyValue } = fc.letrec<{ value: LuaValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc
      .array(fc.tuple(scalar.filter(isKey), tie("value")), { maxLength: 6 })
      .map((entries) => new LuaTable(entries)),
  ),
}));

function isKey(value: LuaValue): boolean {
  return !Number.isNaN(value instanceof LuaFloat ? value.value : value);
}

describe("the codec", () => {
  it.each<[string, LuaInput, LuaValue]>([
    ["nil", undefined, undefined],
    ["null", null, undefined],
    ["true", true, true],
    ["the largest safe integer", 2 ** 53 - 1, 2 ** 53 - 1],
    ["an integer beyond it", 2 ** 53, 2n ** 53n],
    ["the largest integer", 2n ** 63n - 1n, 2n ** 63n - 1n],
    ["the least integer", -(2n ** 63n), -(2n ** 63n)],
    ["a small bigint", 7n, 7],
    ["a fraction", 0.1, 0.1],
    ["a number beyond the integers", 2 ** 63, 2 ** 63],
    ["−0", -0, -0],
    ["NaN", Number.NaN, Number.NaN],
    ["−∞", -Infinity, -Infinity],
    ["an integral float", new LuaFloat(3), new LuaFloat(3)],
    ["NUL in a text", "a\0b", "a\0b"],
    ["a byte order mark", "\ufeffa", "\ufeffa"],
    ["bytes that are text", new Uint8Array([0x61]), "a"],
  ])("keeps %s", (_name, given, expected) => {
    expect(Object.is(roundTrip(given), expected) || roundTrip(given)).toEqual(
      typeof expected === "object" ? expected : true,
    );
  });

  it("writes integers at the edges of every width as 8 bytes, the least first", () => {
    for (const integer of integersAtEdges()) {
      const bytes = Array.from({ length: 8 }, (_, i) =>
        Number((BigInt.asUintN(64, integer) >> BigInt(8 * i)) & 0xffn),
      );
      const number = Number(integer);
      const isSafe = Number.isSafeInteger(number);
      for (const given of isSafe ? [integer, number] : [integer]) {
        expect([...encode(given)], String(given)).toEqual([valueTags.integer, ...bytes]);
        expect([...encodeKey(given)], String(given)).toEqual([valueTags.integer, ...bytes]);
      }
      const encoded = new Uint8Array([valueTags.integer, ...bytes]);
      expect(decodeValue(encoded, decoding)).toBe(isSafe ? number : integer);
      expect(decodeValue(encoded, { ...decoding, integers: "bigint" })).toBe(integer);
    }
  });

  it("writes floats of all kinds of bits, and keeps them", () => {
    for (const float of floatsAtEdges()) {
      const bytes = new Uint8Array(new Float64Array([float]).buffer);
      expect([...encode(new LuaFloat(float))]).toEqual([valueTags.float, ...bytes]);
      const decoded = decodeValue(new Uint8Array([valueTags.float, ...bytes]), decoding);
      expect(Object.is(decoded instanceof LuaFloat ? decoded.value : decoded, float)).toBe(true);
    }
  });

  it("writes strings of lengths at edges, and keeps them", () => {
    for (const length of lengthsAtEdges) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 7) % 128);
      const head = [length & 255, (length >> 8) & 255, (length >> 16) & 255, length >>> 24];
      const encoded = encode(bytes);
      expect([...encoded.subarray(0, 5)]).toEqual([valueTags.string, ...head]);
      expect(encoded.subarray(5)).toEqual(bytes);
      expect(decodeValue(encoded, { ...decoding, strings: "bytes" })).toEqual(new LuaBytes(bytes));
    }
  });

  it("keeps bytes that are no UTF-8", () => {
    const decoded = roundTrip(new LuaBytes(new Uint8Array([0xff, 0, 0x80])));
    expect(decoded).toBeInstanceOf(LuaBytes);
    expect(decoded instanceof LuaBytes && [...decoded.toBytes()]).toEqual([0xff, 0, 0x80]);
  });

  it("encodes what it decoded to the same bytes", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const bytes = encode(value);
        expect(encode(decodeValue(bytes, decoding))).toEqual(bytes);
        expect(
          encode(decodeValue(bytes, { ...decoding, integers: "bigint", strings: "bytes" })),
        ).toEqual(bytes);
      }),
    );
  });

  it("decodes any bytes or throws DecodeError, and the walk agrees with it", () => {
    const damaged = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.tuple(anyValue, fc.nat(), fc.integer({ min: 0, max: 255 })).map(([value, at, byte]) => {
        const bytes = encode(value);
        bytes[at % bytes.length] = byte;
        return bytes;
      }),
    );
    fc.assert(
      fc.property(damaged, (bytes) => {
        let isValid = true;
        try {
          decodeValue(bytes, decoding);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
          isValid = false;
        }
        let ids: readonly number[] | undefined;
        try {
          ids = referencesIn(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
        // A reference is valid to the walk; here no table is there to decode it to.
        if (ids === undefined || ids.length === 0) expect(ids !== undefined).toBe(isValid);
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps shared and cyclic tables", () => {
    const shared = new LuaTable([["x", 1]]);
    const table = new LuaTable([
      ["a", shared],
      ["b", shared],
    ]);
    table.set("self", table);
    const decoded = roundTrip(table);
    if (!(decoded instanceof LuaTable)) throw new Error("a table is expected");
    expect(decoded.get("a")).toBe(decoded.get("b"));
    expect(decoded.get("self")).toBe(decoded);
  });

  it("tells an unknown external table from an encoding that is broken", () => {
    const unknown = [0x0a, 77, 0, 0, 0];
    const decode = (...bytes: readonly number[]) => decodeList(Uint8Array.from(bytes), decoding);
    expect(() => decode(1, 0, 0, 0, ...unknown)).toThrow(UnknownTableError);
    expect(() => decode(1, 0, 0, 0, ...unknown)).toThrow("there is no external table 77");
    const asKeyAndValue = [0x05, 1, 0, 0, 0, ...unknown, ...unknown];
    expect(() => decode(1, 0, 0, 0, ...asKeyAndValue)).toThrow(UnknownTableError);
    for (const broken of [
      [2, 0, 0, 0, ...unknown, 0x07],
      [2, 0, 0, 0, ...unknown, 0x02, 1],
      [1, 0, 0, 0, ...unknown, 0x00],
    ]) {
      expect(() => decode(...broken)).toThrow(DecodeError);
      expect(() => decode(...broken)).not.toThrow(UnknownTableError);
    }
  });

  it("counts back references over a whole list", () => {
    const table = new LuaTable();
    const [first, second] = decodeList(encodeList([table, [table]], noTables), decoding);
    expect(second instanceof LuaTable && second.get(1)).toBe(first);
  });

  it("takes arrays, Maps and plain objects as tables", () => {
    const given = { list: [1, undefined, 3], map: new Map([[true, "x"]]), __proto__: null };
    const decoded = roundTrip(given);
    if (!(decoded instanceof LuaTable)) throw new Error("a table is expected");
    const list = decoded.get("list");
    expect(list instanceof LuaTable && [...list]).toEqual([
      [1, 1],
      [3, 3],
    ]);
    const map = decoded.get("map");
    expect(map instanceof LuaTable && map.get(true)).toBe("x");
  });

  it.each<[string, unknown]>([
    ["a function", () => 1],
    ["a symbol", Symbol("s")],
    ["a Date", new Date(0)],
    ["a Promise", Promise.resolve(1)],
    ["a bigint of 65 bits", 2n ** 63n],
    ["a lone surrogate", "\ud800"],
    ["a NaN key", new Map([[Number.NaN, 1]])],
    ["a NaN float key", new Map([[new LuaFloat(Number.NaN), 1]])],
    ["tables 101 deep", nested(101)],
  ])("refuses %s", (_name, value) => {
    expect(() => encode(value as LuaInput)).toThrow(EncodeError);
  });

  it("leaves no rejection of a Promise that it refuses, which would end the process", async () => {
    const late = (): unknown => Promise.reject(new Error("late"));
    for (const value of [late(), [late()], { late: late() }]) {
      expect(() => encode(value as LuaInput)).toThrow(EncodeError);
    }
    // Node tells of unhandled rejections behind the microtasks.
    await new Promise((resolve) => setImmediate(resolve));
  });

  it("takes tables 100 deep", () => {
    expect(roundTrip(nested(100))).toBeInstanceOf(LuaTable);
  });
});

function nested(depth: number): LuaInput {
  let value: LuaInput = [];
  for (let i = 1; i < depth; i++) value = [value];
  return value;
}

describe("keys", () => {
  const bytes = (key: LuaInput) => [...encodeKey(key)];

  it("are equal as in Lua", () => {
    expect(bytes(1)).toEqual(bytes(new LuaFloat(1)));
    expect(bytes(1)).toEqual(bytes(1n));
    expect(bytes(0)).toEqual(bytes(-0));
    expect(bytes(new LuaFloat(-0))).toEqual(bytes(0));
    expect(bytes("a")).toEqual(bytes(new LuaBytes("a")));
    expect(bytes(1)).not.toEqual(bytes("1"));
    expect(bytes(1)).not.toEqual(bytes(true));
    expect(bytes(2 ** 63)).toEqual(bytes(new LuaFloat(2 ** 63)));
  });

  it("are canonical as they are encoded", () => {
    fc.assert(
      fc.property(scalar.filter(isKey), (key) => {
        const text = latin1Of(encodeKey(key));
        expect(isCanonicalKey(text)).toBe(true);
        expect(isCanonicalKey(`${text}\0`)).toBe(false);
        expect(isCanonicalKey(text.slice(0, -1))).toBe(false);
      }),
    );
    expect(isCanonicalKey(latin1Of(encode(new LuaFloat(1))))).toBe(false);
    expect(isCanonicalKey(latin1Of(encode(Number.NaN)))).toBe(false);
    expect(isCanonicalKey(latin1Of(encode(undefined)))).toBe(false);
    expect(isCanonicalKey("\x01\x02")).toBe(false);
    expect(isCanonicalKey(latin1Of(encode([])))).toBe(false);
    expect(isCanonicalKey(latin1Of(new Uint8Array(0)))).toBe(false);
  });

  it.each([[undefined], [null], [Number.NaN], [new LuaFloat(Number.NaN)], [[]], [new Map()]])(
    "refuse %s",
    (key) => {
      expect(() => encodeKey(key)).toThrow(EncodeError);
    },
  );

  it("are found in a LuaTable as in Lua", () => {
    const table = new LuaTable([
      [1, "integer"],
      ["1", "text"],
      [true, "boolean"],
      [new LuaBytes(new Uint8Array([255])), "bytes"],
      [2n ** 62n, "large"],
    ]);
    expect(table.get(new LuaFloat(1))).toBe("integer");
    expect(table.get(1n)).toBe("integer");
    expect(table.get("1")).toBe("text");
    expect(table.get(true)).toBe("boolean");
    expect(table.get(new LuaBytes(new Uint8Array([255])))).toBe("bytes");
    expect(table.get(2 ** 62)).toBe("large");
    expect(table.get("\u00ff")).toBeUndefined();
    expect(table.set("1", undefined).has("1")).toBe(false);
    expect(table.toObject()).toEqual({});
    expect(table.toArray()).toEqual(["integer"]);
    expect(() => table.set(undefined, 1)).toThrow(EncodeError);
  });
});
