/** Chunks for load: well formed or damaged, so that the texts of syntax errors are compared. */
import fc from "fast-check";
import { numbers, values } from "./expressions.ts";
import { type Code, lua, oneOf, quoted, word } from "./grammar.ts";

/** What is put in, or takes the place of a token. */
const tokens = (
  "end do then if for while repeat until function local return break goto in nil and or not " +
  "( ) [ ] { } = == ~= <= .. ... . , ; : :: # % // ~ & | << ^ 0x 1e 3..2 'x \"y [[ ]] [=[ @ $ " +
  "! ? ` \\ 'a\\qb' '\\300' '\\xZZ' '\\u{110000000}' '\\u{' --[[ --[==[ 08 0x1p 1.5e+ " +
  "999999999999999999999 <const> <close> <foo> x y f"
).split(" ");

const statement: Code = oneOf(
  lua`return ${values(2)}`,
  lua`local x = ${values(1)} return x`,
  lua`local x <const> = ${numbers(1)}; ${word("", "x = 1;")} return x`,
  lua`local x <close> = ${values(0)} return 1`,
  lua`for x = 1, 2 do ${word("", "x = 1", "break", "goto done")} end return ${values(1)}`,
  lua`if ${values(1)} then return 1 else return ${values(1)} end`,
  lua`goto ${word("l", "m")} ${word("local y", "")} ::l:: ${word("", "::l::", "return 1")}`,
  lua`do local f = function(a, ...) return ... end return f(${values(0)}) end`,
  lua`function a.b.c:d() return ... end`,
  lua`local t = {${values(0)}, x = ${values(0)}, [${values(0)}] = 1,} return t.x, #t`,
  lua`repeat tick() local x = ${values(1)} until x ${word("", "== 1", "~= nil")} return 2`,
  lua`return f(${values(0)}) ${word("", "return", "f()", "= 1", ", 2")}`,
  lua`x, y.z = ${values(0)}, ${values(0)}; return x`,
  word("f() = 1", "(f) = 1", "a.b", "x", "1", "return return", "break", "::a:: ::a::", "goto nope"),
  word("local function f() return f end return f()", "return function(...) return ... end", "..."),
  word("local a <const>, b <close>, c <close> = 1, nil, nil", "return ...", "# comment", "-- done"),
);

/** The same with a token changed, as a slip of the pen would. */
const damaged: Code = fc
  .record({
    text: statement,
    place: fc.nat({ max: 30 }),
    token: fc.constantFrom(...tokens),
    way: fc.constantFrom("replace", "insert", "remove", "cut"),
  })
  .map(({ text, place, token, way }) => {
    const parts = text.split(/(?<=\W)|(?=\W)/);
    const at = place % parts.length;
    if (way === "cut") return parts.slice(0, at).join("");
    const change = way === "remove" ? [] : [` ${token} `];
    return parts.toSpliced(at, way === "insert" ? 0 : 1, ...change).join("");
  });

const chunk: Code = oneOf(damaged, statement).map(quoted);

/** What is damaged might never end: it is compiled, and not run. */
const runnable: Code = statement.map(quoted);

const name: Code = word(
  '"=c"',
  '"@file.lua"',
  '"code\\nmore"',
  '"=" .. ("n"):rep(80)',
  "nil",
  '""',
);

export const chunkStatement: Code = oneOf(
  lua`emit(load(${chunk}, "=c"))`,
  lua`try(function() return assert(load(${runnable}, ${name}, "t", { f = emit, y = {}, tick = tick
  }))(1, 2) end)`,
  lua`try(function() return assert(load(${runnable}, ${name}))(${values(0)}) end)`,
  lua`emit(load(${chunk}, ${name}, ${word('"b"', '"t"', '"bt"', '"x"')}))`,
  lua`do local parts, k = { ${chunk}, " ", ${chunk} }, 0
emit(load(function() tick() k = k + 1 return parts[k] end, "=pieces")) end`,
  lua`emit(pcall(load, ${values(0)}))`,
);
