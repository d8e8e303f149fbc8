/** Statements: control flow, closures, variadics, tables, errors; and all others by their kind. */
import { chunkStatement } from "./chunks.ts";
import { coroutineStatement } from "./coroutines.ts";
import {
  booleans,
  floats,
  functions,
  integers,
  numbers,
  scalars,
  strings,
  tables,
  tableVariable,
  values,
} from "./expressions.ts";
import { byDepth, type Code, list, lua, mostly, oneOf, word, words } from "./grammar.ts";
import { few, fieldName, globalName, small } from "./literals.ts";
import { objectStatement } from "./metatables.ts";
import { stringStatement } from "./string-library.ts";

const assignments = byDepth(
  (depth): Code =>
    oneOf(
      lua`i1 = ${integers(depth)}`,
      lua`f1 = ${floats(depth)}`,
      lua`s1 = keep(${strings(depth)})`,
      lua`t1 = ${tables(depth)}`,
      lua`fn1 = ${functions(depth)}`,
      lua`i1, i2 = i2, ${integers(depth)}`,
      lua`s1, s2, i1 = keep(${strings(depth)}), s1`,
      lua`${tableVariable}.${fieldName} = ${values(depth)}`,
      lua`${tableVariable}[${oneOf(small, values(0))}] = ${values(depth)}`,
      lua`t1[#t1 + 1], i1 = ${values(depth)}, i1 + 1`,
      lua`t1[i1], i1, t1 = i1, ${small}, {${values(0)}}`,
      lua`${globalName} = ${values(depth)}`,
      lua`${oneOf(globalName, words("n1 i2 s2"))}.${fieldName} = ${values(0)}`,
    ),
);

const tableCalls = byDepth((depth): Code => {
  const sequence = oneOf(
    words("t1 t2"),
    lua`{${list(integers(0), { min: 0, max: 7, joint: ", " })}}`,
    lua`{${list(strings(0), { min: 0, max: 5, joint: ", " })}}`,
    tables(depth),
  );
  const comparator = word(
    "function(a, b) tick() return a > b end",
    "function(a, b) tick() return true end",
    "function(a, b) tick() return false end",
    "function(a, b) tick() return tostring(plain(a)) < tostring(plain(b)) end",
    "function(a, b) tick() return a end",
    "function(a, b) tick() return a <= b end",
    "nil",
    "1",
  );
  const sorted = lua`do local t = ${sequence} try(table.sort, t, ${comparator}) emit(t) end`;
  return oneOf(
    lua`try(table.insert, ${sequence}, ${values(depth)})`,
    lua`do local t = ${sequence} try(table.insert, t, ${small}, ${values(0)}) emit(t, #t) end`,
    lua`do local t = ${sequence} try(table.remove,
  t${word("", ", 1", ", 2", ", #t", ", #t + 1", ", 7", ", 0")}) emit(t, #t) end`,
    lua`try(table.concat,
  ${sequence}${oneOf(word(""), lua`, ${strings(0)}`, lua`, ${strings(0)}, ${small}, ${small}`)})`,
    lua`try(table.move, ${sequence}, ${small}, ${small}, ${small}${word("", ", {9}", ", t2")})`,
    lua`try(table.unpack,
  ${sequence}${oneOf(word(""), lua`, ${small}`, lua`, ${small}, ${small}`)})`,
    sorted,
    lua`do local t = { (${words("5 2 8 1 9 3")}),
  ${list(numbers(0), { min: 2, max: 30, joint: ", " })} } try(table.sort, t) emit(t) end`,
    lua`for i, v in ipairs(${sequence}) do tick() emit(i, v) end`,
    lua`try(table.${words("insert remove concat sort move unpack pack")}, ${values(depth)},
  ${values(0)})`,
    lua`emit(#${sequence}, rawlen(t1), next({}))`,
  );
});

const closable = word(
  "nil",
  "false",
  "setmetatable({}, { __close = function(_, e) emit('y', e) end })",
);

const basicFunction = words(
  "tostring tonumber type rawget rawset rawlen rawequal ipairs pairs next setmetatable " +
    "getmetatable unpack math.floor math.random string.rep string.char utf8.char print2",
);

const errorsAndCalls = byDepth((depth): Code => {
  const thrown = oneOf(scalars(depth), word("{}", "nil", "{code = 7}", "function() end"));
  const oddArgument = oneOf(scalars(0), word("nil", "{}"));
  const level = word("", ", 0", ", 1", ", 2", ", 3");
  return oneOf(
    lua`try(function() return ${values(depth)} end)`,
    lua`try(function() error(${thrown}${level}) end)`,
    lua`try(function() local function inner() error(${thrown}${level}) end inner() end)`,
    lua`emit(xpcall(function() return ${values(depth)} end, function(m) tick() return "handled", m
  end))`,
    lua`emit(xpcall(function(...) error(${thrown}) end,
  ${oneOf(functions(0), word("nil", "error"))}, ${values(0)}))`,
    lua`try(function() local x <close> = setmetatable({}, { __close = function(_, e) emit("x",
  e)${word("", " error('again')", " error(e)")} end })
  local y <close> = ${closable}
  ${word("", "error('body')", "return 1, 2", "emit(n1.x)")} end)`,
    lua`try(error${oneOf(word(""), lua`, ${thrown}`)})`,
    lua`try(assert, ${values(depth)}, ${thrown})`,
    lua`try(${functions(depth)}, ${values(depth)}, ${values(0)})`,
    lua`try(select, ${oneOf(small, word('"#"', "math.mininteger", '"x"', "1.5"))}, ${values(0)},
  ${values(0)})`,
    lua`try(${basicFunction}, ${oddArgument})`,
    lua`try(${basicFunction}, ${oddArgument}, ${scalars(0)})`,
    lua`try(function(...) local a, b = ... return select("#", ...), b, a, ... end,
  ${list(values(0), { min: 0, max: 4, joint: ", " })})`,
    lua`do local function depth(n) tick() if n == 0 then return ${values(0)} end return
  ${word("depth(n - 1)", "(depth(n - 1))", "n + #tostring(plain(depth(n - 1)))")} end try(depth,
  ${few}) end`,
    lua`emit(debug.getinfo(1, "l").currentline, debug.getinfo(fn1, "S").linedefined,
  debug.getinfo(fn1, "u").nparams)`,
    lua`math.randomseed(${small}) emit(math.random(${words("1 10 100")}),
  math.random(${words("-5 0 1")}, ${words("5 0 1000000")}), math.random())`,
    lua`do local weak = setmetatable({ {}, t1, x = "kept", [{}] = 1, [t2] = 2 }, { __mode =
  ${word('"k"', '"v"', '"kv"', '"x"')} }) collectgarbage() emit(count(weak), weak[1], weak.x) end`,
    lua`(function() local id = current_run() setmetatable({}, { __gc = function() if id ==
  current_run() then i1 = i1 + 1 end end }) end)() collectgarbage() emit(i1)`,
  );
});

/** Bounds of a numeric for, its edges more often than not. */
const forBounds: Code = oneOf(
  lua`1, ${few}`,
  lua`${small}, ${small}, ${words("1 2 -1 -3 0")}`,
  word("math.maxinteger - 2, math.maxinteger", "math.mininteger + 2, math.mininteger, -1"),
  word("1, 0.5", "1.0, 3", "1, 2, 0.25", "0.1, 1, 0.3", "3, 1", "1, 1/0, 2^62", "1, -1/0, -2^62"),
  word("'1', 2", "1, '2'", "1, {}", "1, 2, 0", "1.0, 2, 0.0", "1, 2, '1'", "1, 0/0", "nil, 1"),
  word("math.maxinteger, math.maxinteger + 1.0", "1, math.huge, math.maxinteger", "-0.0, 0"),
  word(
    "math.mininteger, math.maxinteger, math.maxinteger",
    "1, 3.9",
    "3, 1.1, -1",
    "1, 1e100, 1e99",
  ),
  lua`${integers(0)}, ${integers(0)}, ${integers(0)}`,
  lua`${floats(0)}, ${numbers(0)}, ${numbers(0)}`,
);

/** Blocks of statements in control flow; all loops tick. */
const controlFlow = byDepth((depth): Code => {
  const block = list(statements(depth - 1), { min: 1, max: 3, joint: "\n  " });
  const condition = booleans(1);
  return oneOf(
    lua`if ${condition} then
  ${block}
${oneOf(word(""), lua`elseif ${condition} then ${block}\n`, lua`else ${block}\n`)}end`,
    lua`for k = ${forBounds} do tick()
  emit(k)
  ${block}
end`,
    lua`try(function() for k = ${forBounds} do tick() emit(k) if k == 2 then break end end end)`,
    lua`for k = 1, ${few} do tick()
  if ${condition} then goto continue end
  ${block}
  ::continue::
end`,
    lua`do local k = 0
  while k < ${few} do tick() k = k + 1
  ${block}
  if ${condition} then break end
end emit(k) end`,
    lua`do local k = 0
  repeat tick() k = k + 1 local last = k >= ${few}
  ${block}
until last or ${condition} emit(k) end`,
    lua`for a = 1, 3 do for b = 1, 3 do tick() if ${word("a == b", "b > a", "a * b == 4")} then
  goto next end emit(a, b)
  ${word("", "if a == 2 then break end", "if b == 2 then goto next end")} ::next:: end end`,
    lua`do local k = 0 ::top:: tick() k = k + 1 if k < ${few} then goto top end emit(k) end`.map(
      (text) => `(function() ${text} end)()`,
    ),
    lua`do local list = {}
  for k = 1, 3 do local v = k * ${small} list[k] = function(d) v = v + (d or 1) return v, k end end
  for k = 1, 3 do tick() try(list[k], ${scalars(0)}) emit(list[k]()) end end`,
    lua`do
  local i1, s1 <const> = ${integers(1)}, keep(${strings(1)})
  ${block}
  emit(i1, s1)
end`,
    lua`try(function(...)
  ${block}
  return ...
end, ${values(0)})`,
    lua`do local function f(a, b, ...)
  tick()
  ${block}
  return b, a, ...
end
try(f, ${values(1)}, ${values(0)}, ${values(0)}) end`,
  );
});

/** Many small functions, each tried: one that raises takes no other with it. */
const battery = (value: Code): Code =>
  list(lua`function() return ${value} end`, { min: 2, max: 8, joint: ",\n  " });

export const statements = byDepth((depth): Code => {
  const text = strings(depth);
  const shown = lua`emit(${values(depth)})`;
  const plain = oneOf(
    shown,
    lua`battery({${battery(oneOf(integers(1), floats(1), booleans(1)))}})`,
    lua`battery({${battery(oneOf(strings(1), values(1)))}})`,
    lua`try(function() return ${values(depth)} end)`,
    lua`try(function() return ${oneOf(integers(depth), floats(depth))} end)`,
    lua`try(function() return ${strings(depth)}, ${booleans(depth)} end)`,
    assignments(Math.max(0, depth - 1)).map((code) => `try(function() ${code} end)`),
    assignments(0),
  );
  const string = stringStatement({ text, integer: integers(0), scalar: scalars(1) }).map(
    (code) => `try(function() ${code} end)`,
  );
  if (depth <= 0) return mostly(2, plain, string, objectStatement(0), tableCalls(0));
  return mostly(
    1,
    oneOf(plain, string),
    objectStatement(1),
    tableCalls(1),
    errorsAndCalls(depth),
    coroutineStatement(1),
    chunkStatement,
    controlFlow(depth),
    controlFlow(depth),
  );
});
