/** Values cross the boundary exactly, both ways. */

import { equal, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import {
  floatsAtEdges,
  integersAtEdges,
  lengthsAtEdges,
} from "../../runtime/bytes/edges.fixture.ts";
import { LuaBytes, LuaFloat } from "../../runtime/scalar/scalars.ts";
import { type LuaInput, LuaTable, type LuaValue } from "../../runtime/value/values.ts";

/** What it is called in a message, what is given to Lua, what comes back, what Lua says of it. */
interface Crossing {
  readonly what: string;
  readonly given: LuaInput;
  readonly returned: LuaValue;
  /** `math.type(v) or type(v)` in Lua. */
  readonly type: string;
}

const crossings: readonly Crossing[] = [
  { what: "nil", given: undefined, returned: undefined, type: "nil" },
  { what: "null", given: null, returned: undefined, type: "nil" },
  { what: "true", given: true, returned: true, type: "boolean" },
  { what: "false", given: false, returned: false, type: "boolean" },
  { what: "0", given: 0, returned: 0, type: "integer" },
  { what: "−1", given: -1, returned: -1, type: "integer" },
  { what: "2^53−1", given: 2 ** 53 - 1, returned: 2 ** 53 - 1, type: "integer" },
  { what: "−2^53+1", given: -(2 ** 53) + 1, returned: -(2 ** 53) + 1, type: "integer" },
  { what: "2^53", given: 2 ** 53, returned: 2n ** 53n, type: "integer" },
  { what: "2^53+1 (bigint)", given: 2n ** 53n + 1n, returned: 2n ** 53n + 1n, type: "integer" },
  {
    what: "−2^53−1 (bigint)",
    given: -(2n ** 53n) - 1n,
    returned: -(2n ** 53n) - 1n,
    type: "integer",
  },
  { what: "2^63−1", given: 2n ** 63n - 1n, returned: 2n ** 63n - 1n, type: "integer" },
  { what: "−2^63", given: -(2n ** 63n), returned: -(2n ** 63n), type: "integer" },
  { what: "a small bigint", given: 7n, returned: 7, type: "integer" },
  { what: "2^63 as a number", given: 2 ** 63, returned: 2 ** 63, type: "float" },
  { what: "0.1", given: 0.1, returned: 0.1, type: "float" },
  { what: "the least denormal", given: 5e-324, returned: 5e-324, type: "float" },
  { what: "the largest float", given: Number.MAX_VALUE, returned: Number.MAX_VALUE, type: "float" },
  { what: "−0", given: -0, returned: -0, type: "float" },
  { what: "NaN", given: Number.NaN, returned: Number.NaN, type: "float" },
  { what: "∞", given: Infinity, returned: Infinity, type: "float" },
  { what: "−∞", given: -Infinity, returned: -Infinity, type: "float" },
  { what: "3.0", given: new LuaFloat(3), returned: new LuaFloat(3), type: "float" },
  { what: "an empty string", given: "", returned: "", type: "string" },
  { what: "an embedded NUL", given: "a\0b\0", returned: "a\0b\0", type: "string" },
  { what: "text beyond the BMP", given: "é€😀", returned: "é€😀", type: "string" },
  { what: "a byte order mark", given: "\ufeffx", returned: "\ufeffx", type: "string" },
  { what: "bytes that are text", given: new LuaBytes("é"), returned: "é", type: "string" },
];

/** Lua's own words for its values: a fault of both directions is seen, too. */
const inWords = `
  function words(v) return string.format(math.type(v) == "integer" and "%d" or "%a", v) end
  function value(text) return tonumber(text) end
  function keep(k, v) _home[k] = v return _home[k] == v, words((next({[k] = true}))) end`;

export const values = [
  defineCase({
    id: "hosts/integers-at-edges",
    title:
      "Integers at the edges of every width are what Lua says of them, both ways, also as keys",
    run: async ({ load }) => {
      const core = await load();
      succeeds(core.compute(inWords), [], "the functions");
      for (const integer of integersAtEdges()) {
        const text = String(integer);
        const isSafe = Number.isSafeInteger(Number(integer));
        const expected = isSafe ? Number(integer) : integer;
        for (const given of isSafe ? [integer, Number(integer)] : [integer]) {
          succeeds(core.call("words", given), [text], text);
          succeeds(core.call("keep", given, given), [true, text], text);
          equal(core.tables.home.get(given), expected, text);
        }
        succeeds(core.call("value", text), [expected], text);
        core.tables.home.clear();
      }
    },
  }),
  defineCase({
    id: "hosts/floats-at-edges",
    title: "Floats of all kinds of bits are what Lua says of them, both ways",
    run: async ({ load }) => {
      const core = await load();
      succeeds(core.compute(inWords), [], "the functions");
      for (const float of floatsAtEdges()) {
        const [text] = succeeded(core.call("words", new LuaFloat(float)), String(float)).values;
        const [back] = succeeded(core.call("value", text), String(text)).values;
        equal(back instanceof LuaFloat ? back.value : back, float, String(text));
        const hasDecimals = Number.isFinite(float) && float !== 0;
        const decimal = hasDecimals ? float.toExponential() : text;
        const [read] = succeeded(core.call("value", decimal), String(decimal)).values;
        equal(read instanceof LuaFloat ? read.value : read, float, String(decimal));
      }
    },
  }),
  defineCase({
    id: "hosts/lengths-at-edges",
    title: "Strings and lists of lengths at edges arrive whole, both ways",
    run: async ({ load }) => {
      const core = await load();
      const code = `function sum(s) local n = 0 for i = 1, #s do n = (n * 31 + s:byte(i)) % 2^32 end
        return #s, n // 1 | 0, s end
        function count(...) return select("#", ...), ... end`;
      succeeds(core.compute(code), [], "the functions");
      for (const length of lengthsAtEdges) {
        const bytes = Uint8Array.from({ length }, (_, i) => (i * 7) % 128);
        let sum = 0;
        for (const byte of bytes) sum = (sum * 31 + byte) % 2 ** 32;
        const text = new TextDecoder().decode(bytes);
        succeeds(core.call("sum", bytes), [length, sum, text], `${length} bytes`);
        if (length > 4_096) continue;
        const list = Array.from({ length }, (_, i) => i);
        succeeds(core.call("count", ...list), [length, ...list], `${length} values`);
      }
    },
  }),
  defineCase({
    id: "hosts/scalars-round-trip",
    title:
      "nil, booleans, integers to ±2^63, floats with NaN, −0, ±∞, and strings come back exactly",
    run: async ({ load }) => {
      const core = await load();
      succeeds(core.compute("function echo(v) return v, math.type(v) or type(v) end"), [], "echo");
      for (const { what, given, returned, type } of crossings) {
        succeeds(core.call("echo", given), [returned, type], what);
      }
    },
  }),
  defineCase({
    id: "hosts/lua-literals",
    title: "What Lua writes as 1, 1.0, 2^53, math.mininteger, 0/0 arrives as integer and float",
    run: async ({ load }) => {
      const core = await load();
      const code =
        "return 1, 1.0, 2^53, 1e300, math.maxinteger, math.mininteger, -0.0, 1/0, -1/0, '\\xff\\0'";
      const expected = [
        1,
        new LuaFloat(1),
        new LuaFloat(2 ** 53),
        1e300,
        2n ** 63n - 1n,
        -(2n ** 63n),
        -0,
        Infinity,
        -Infinity,
        new LuaBytes(new Uint8Array([0xff, 0])),
      ];
      succeeds(core.compute(code), expected, "literals");
      succeeds(core.compute("0/0 ~= 0/0, 0/0"), [true, Number.NaN], "NaN");
    },
  }),
  defineCase({
    id: "hosts/integers-as-bigint",
    title: 'With integers: "bigint" every integer is a bigint, and no float is',
    run: async ({ load }) => {
      const core = await load({ integers: "bigint" });
      succeeds(core.compute("return 1, 0.5, {2}"), [1n, 0.5, new LuaTable([[1n, 2n]])], "values");
    },
  }),
  defineCase({
    id: "hosts/strings-as-bytes",
    title: 'With strings: "bytes" every string is LuaBytes',
    run: async ({ load }) => {
      const core = await load({ strings: "bytes" });
      succeeds(core.compute("return 'a', ''"), [new LuaBytes("a"), new LuaBytes("")], "values");
    },
  }),
  defineCase({
    id: "hosts/all-bytes",
    title: "A string of all 256 byte values, and invalid UTF-8, cross both ways",
    run: async ({ load }) => {
      const core = await load();
      const all = new LuaBytes(Uint8Array.from({ length: 256 }, (_, i) => i));
      const code =
        "function bytes(s) local t = {} for i = 1, #s do t[i] = s:byte(i) end return s, #s, t end";
      succeeds(core.compute(code), [], "bytes");
      const table = new LuaTable(Array.from({ length: 256 }, (_, i) => [i + 1, i] as const));
      succeeds(core.call("bytes", all), [all, 256, table], "all bytes");
      for (const invalid of [[0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5], [0x80], [0xe2, 0x82]]) {
        const given = new LuaBytes(Uint8Array.from(invalid));
        const { values: returned } = succeeds(
          core.call("bytes", given),
          [given, invalid.length, new LuaTable(invalid.map((byte, i) => [i + 1, byte] as const))],
          "invalid UTF-8",
        );
        equal(returned[0] instanceof LuaBytes, true, "it is LuaBytes");
      }
    },
  }),
  defineCase({
    id: "hosts/long-strings",
    title: "Strings around the frame's and the buffer's sizes, and of 100 KB, cross both ways",
    run: async ({ load }) => {
      const core = await load();
      succeeds(core.compute("function echo(v) return v, #v end"), [], "echo");
      for (const length of [1, 199, 32_768, 65_500, 65_515, 65_531, 65_536, 65_537, 100_000]) {
        const text = "0123456789".repeat(Math.ceil(length / 10)).slice(0, length);
        succeeds(core.call("echo", text), [text, length], `${length} bytes`);
      }
    },
  }),
  defineCase({
    id: "hosts/many-values",
    title: "200 arguments and results keep their order and their nils",
    run: async ({ load }) => {
      const core = await load();
      succeeds(core.compute("function echo(...) return select('#', ...), ... end"), [], "echo");
      const given = Array.from({ length: 200 }, (_, i) => (i % 3 === 0 ? undefined : i));
      succeeds(core.call("echo", ...given), [200, ...given], "200 values");
    },
  }),
];
