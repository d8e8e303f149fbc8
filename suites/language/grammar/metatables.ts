/** Metatables with every event, and what makes them speak. */
import fc from "fast-check";
import { functions, scalars, strings, tables, values } from "./expressions.ts";
import { byDepth, type Code, lua, mostly, oneOf, word, words } from "./grammar.ts";
import {
  fieldName,
  operatorArithmetic,
  operatorBitwise,
  operatorComparison,
  small,
} from "./literals.ts";

const binaryEvents =
  "__add __sub __mul __div __mod __pow __idiv __band __bor __bxor __shl __shr " +
  "__concat __eq __lt __le";

const outcome = byDepth(
  (depth): Code =>
    oneOf(
      scalars(depth),
      values(depth),
      word("a", "b", "rawequal(a, b)", "type(a) .. type(b)", "rawget(a, 1)"),
      lua`error(${scalars(0)})`,
      lua`error(${oneOf(scalars(0), word("{}", "{1}"))}, ${words("0 1 2 3")})`,
    ),
);

const handler = byDepth(
  (depth): Code =>
    oneOf(
      lua`function(a, b) tick() return ${outcome(depth)} end`,
      lua`function(a, b) tick() emit("event", type(a), type(b)) return ${outcome(depth)} end`,
      lua`function(...) tick() return select("#", ...), ... end`,
      functions(0),
    ),
);

const entry = byDepth((depth): Code => {
  const event = fc.constantFrom(...binaryEvents.split(" "));
  return mostly(
    6,
    oneOf(
      lua`${event} = ${handler(depth)}`,
      lua`__index = ${oneOf(handler(depth), tables(depth))}`,
      lua`__newindex = ${oneOf(
        lua`function(t, k, v) tick() emit("new", k, v) rawset(t, k, ${outcome(0)}) end`,
        tables(0),
      )}`,
      lua`__call = function(self, ...) tick() return select("#", ...), ${outcome(depth)} end`,
      lua`${words("__unm __bnot")} = ${handler(depth)}`,
      lua`__len = function(a) tick() return
  ${word("3", "0", "2.0", "-1", "'4'", "'x'", "nil", "1.5")} end`,
      lua`__tostring = function(a) tick() return ${word('"T"', "1", "nil", '"a" .. rawlen(a)')}
  end`,
      lua`__name = ${word('"My.Type"', "1", '""')}`,
      lua`__pairs = function(t) tick() return function(_, k) tick() k = (k or 0) + 1 if k < 4 then
  return k, ${scalars(0)} end end, t, nil end`,
      lua`__close = function(o, e) tick() emit("close", e) end`,
      lua`__metatable = ${word('"locked"', "false", "{}")}`,
    ),
    // What is no function where one has to be.
    lua`${oneOf(event, words("__index __newindex __call __unm __len __tostring __close"))} =
  ${scalars(0)}`,
  );
});

export const metatables = byDepth(
  (depth): Code =>
    fc
      .array(entry(depth), { minLength: 1, maxLength: 6, size: "max" })
      .map((entries) => `{ ${entries.join(", ")} }`),
);

/** Statements on objects: each event is asked for. */
export const objectStatement = byDepth((depth): Code => {
  const object = words("o1 o2");
  const other = oneOf(object, values(depth));
  const pair = oneOf(lua`(${object} OPERATOR ${other})`, lua`(${other} OPERATOR ${object})`);
  const applied = (operator: Code): Code =>
    fc.tuple(pair, operator).map(([text, sign]) => text.replace("OPERATOR", () => sign));
  const used = oneOf(
    applied(oneOf(operatorArithmetic, operatorBitwise, word("^", ".."))),
    applied(operatorComparison),
    lua`${words("- # ~")}${object}`,
    lua`${object}.${fieldName}`,
    lua`${object}[${values(0)}]`,
    lua`${object}(${values(0)}, ${values(0)})`,
    lua`${object}:${fieldName}(${values(0)})`,
    lua`getmetatable(${object})`,
    lua`rawequal(${object}, ${other})`,
    lua`rawlen(${object})`,
    lua`#tostring(${object}) > 0`,
    lua`string.format("%.3s", plain(${object}))`,
    lua`(ipairs(${object}))`,
    lua`table.concat(${object}, ${strings(0)})`,
    lua`table.unpack(${object})`,
    lua`select("#", next(${object}))`,
  );
  return oneOf(
    lua`try(function() return ${used} end)`,
    lua`try(function() return ${used} end)`,
    lua`try(function() ${object}.${fieldName} = ${other} end)`,
    lua`try(function() ${object}[${values(0)}] = ${values(0)} end)`,
    lua`try(count, ${object})`,
    lua`try(function() for k, v in pairs({10, 20, ${scalars(0)}}) do tick() emit(k, v) end end)`,
    lua`try(function() for i, v in ipairs(${object}) do tick() emit(i, v) if i > 5 then break end
  end end)`,
    lua`try(setmetatable, ${oneOf(object, values(0))}, ${word("nil", "{}", "1")})`,
    lua`try(rawset, ${object}, ${values(0)}, ${values(0)})`,
    lua`try(table.${words("insert remove sort unpack concat")}, ${object}, ${small})`,
    lua`o1 = setmetatable({${scalars(0)}}, ${metatables(depth)})`,
  );
});
