/** Tables, functions, coroutines and files in each of their states, as Lua expressions. */
import {
  byDepth,
  type Code,
  list,
  lua,
  mostly,
  oneOf,
  quoted,
  word,
  words,
} from "../language/grammar/grammar.ts";
import { plainFunctions } from "./catalogue.ts";
import { edgeInteger, floats, integers, numbers, texts } from "./scalars.ts";

const scalars: Code = oneOf(word("nil", "true", "false"), numbers, integers, texts);

/** What C functions take as a callback: those that keep nothing and reach no system. */
const cFunction: Code = word(...plainFunctions).map((name) => `f${quoted(name)}`);

/** Any value; of the functions some collect, change what they are given, raise or yield. */
export const values = byDepth((depth) =>
  depth === 0
    ? mostly(3, scalars, pooled)
    : oneOf(scalars, scalars, tables(depth - 1), functions(depth - 1), coroutines, files, pooled),
);

/** Objects that a program has in use, and what its last calls gave. */
const pooled: Code = mostly(
  2,
  lua`o[${words("1 2 3 4")}]`,
  lua`strong[${words("1 2")}]`,
  lua`r(${words("1 2 3 9")})`,
);

export const functions = byDepth((depth) =>
  oneOf(
    cFunction,
    lua`ret(${values(Math.min(depth, 1))})`,
    lua`ret(${values(Math.min(depth, 1))}, ${scalars})`,
    lua`raise(${scalars})`,
    lua`yields(${scalars})`,
    word("collects()", "identity", "reversed", "recursive", "r(1)"),
    lua`sets(${oneOf(integers, texts)}, ${scalars})`,
    lua`remeta(${depth === 0 ? word("nil", "{}") : metatables(depth - 1)})`,
  ),
);

const weakness = word('"k"', '"v"', '"kv"', '"kv"', '""', "1", '"x"');
const callable = words(
  "__index __newindex __call __len __tostring __eq __lt __le __concat __unm __add __sub __idiv " +
    "__mod __band __shl __pairs __close __gc",
);
const anyField = words("__len __tostring __metatable __index __call __gc __close __lt __pairs");

const metafield = byDepth((depth) =>
  oneOf(
    lua`__mode = ${weakness}`,
    lua`__name = ${mostly(2, texts, scalars)}`,
    lua`${callable} = ${functions(depth)}`,
    lua`${callable} = ${functions(depth)}`,
    lua`${anyField} = ${values(depth)}`,
    lua`[${integers}] = ${scalars}`,
  ),
);
/** A fresh one, which nothing else refers to. */
export const metatables = byDepth((depth) =>
  mostly(
    2,
    lua`{ ${list(metafield(depth), { min: 0, max: 3, joint: ", " })} }`,
    lua`{ __mode = ${weakness}, ${metafield(depth)} }`,
  ),
);

const key: Code = oneOf(
  integers,
  edgeInteger,
  floats.map((text) => `key(${text})`),
  word('"n"', '"x"', "true"),
);
const sequence = (depth: number): Code => list(values(depth), { min: 0, max: 6, joint: ", " });
const dateNumber = mostly(1, words("1 12 31 1970 2000 2038"), scalars);
const dateField = lua`${words("year month day hour min sec isdst")} = ${dateNumber}`;

const year = oneOf(words("1970 2000 9999 -1"), numbers);
const month = oneOf(words("1 12 0 13"), numbers);
const day = oneOf(words("1 31 0"), numbers);

export const dateTables: Code = mostly(
  4,
  lua`T{ year = ${year}, month = ${month}, day = ${day}, ${dateField} }`,
  lua`T{ ${list(dateField, { min: 0, max: 3, joint: ", " })} }`,
);

const plainTables = (depth: number): Code =>
  oneOf(
    word("T{}", "T{1, 2, 3}", 'T{"b", "a", "c"}', "T{3, 1.5, 2, -1}", "T{1, nil, 3}"),
    lua`T{ ${sequence(depth)} }`,
    lua`T{ [${key}] = ${scalars} }`,
    lua`T{ [${key}] = ${scalars}, [${key}] = ${scalars} }`,
    lua`many(${words("1 15 16 17 100 255 256 1000")})`,
  );

export const tables = byDepth((depth) =>
  mostly(
    1,
    plainTables(depth),
    lua`M(${plainTables(depth)}, ${metatables(depth)})`,
    pooled,
    word("itself()"),
  ),
);

export const coroutines: Code = oneOf(
  word('co("new")', 'co("suspended")', 'co("dead")', 'co("failed")', 'co("closing")', "main"),
  lua`co("new", ${word("identity", 'f"error"', 'f"pcall"', 'f"coroutine.yield"', "recursive")})`,
);

export const files: Code = word("stdout", "stdin", "stderr");
