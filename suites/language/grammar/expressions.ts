/** Expressions by the type that they most often have; one in a dozen has another, on purpose. */
import { byDepth, type Code, list, lua, mostly, oneOf, word, words } from "./grammar.ts";
import {
  booleanLiteral,
  exactPower,
  fieldName,
  floatLiteral,
  globalName,
  integerLiteral,
  numeralText,
  operatorArithmetic,
  operatorBitwise,
  operatorComparison,
  small,
  stringLiteral,
} from "./literals.ts";
import { stringCall, stringToInteger } from "./string-library.ts";

/** The variables of each program (program.ts declares them), by type. */
const integerVariable: Code = words("i1 i2");
const floatVariable: Code = words("f1 f2");
const stringVariable: Code = words("s1 s2");
const booleanVariable: Code = words("b1");
export const tableVariable: Code = words("t1 t2 o1 o2");
const functionVariable: Code = words("fn1 fn2");
const nilVariable: Code = words("n1");

export const integers = byDepth((depth): Code => {
  const leaf = mostly(2, integerVariable, integerLiteral);
  if (depth <= 0) return leaf;
  const same = integers(depth - 1);
  return mostly(
    6,
    oneOf(
      leaf,
      lua`(${same} ${words("+ - *")} ${same})`,
      lua`(${same} ${words("// %")} ${same})`,
      lua`(${same} ${operatorBitwise} ${same})`,
      lua`${words("- ~ - -")}(${same})`,
      lua`#${oneOf(tables(depth - 1), strings(depth - 1))}`,
      lua`math.${words("abs floor ceil tointeger")}(${numbers(depth - 1)})`,
      lua`math.${words("max min fmod")}(${same}, ${same})`,
      lua`(${booleans(depth - 1)} and ${same} or ${same})`,
      lua`select("#", ${list(values(depth - 1), { min: 0, max: 3, joint: ", " })})`,
      stringToInteger(strings(depth - 1)),
      lua`(${numeralText} ${words("// % | &")} ${same})`,
    ),
    values(depth - 1),
  );
});

export const floats = byDepth((depth): Code => {
  const leaf = mostly(2, floatVariable, floatLiteral);
  if (depth <= 0) return leaf;
  const same = floats(depth - 1);
  const number = numbers(depth - 1);
  return mostly(
    6,
    oneOf(
      leaf,
      lua`(${same} ${operatorArithmetic} ${number})`,
      lua`(${number} ${operatorArithmetic} ${same})`,
      lua`(${number} / ${number})`,
      lua`(${exactPower})`,
      lua`-(${same})`,
      lua`math.${words("sqrt abs")}(${number})`,
      lua`math.${words("fmod max min")}(${same}, ${number})`,
      lua`(math.modf(${same}))`,
      lua`(select(2, math.modf(${same})))`,
      lua`(${numeralText} ${operatorArithmetic} ${number})`,
    ),
    values(depth - 1),
  );
});

export const numbers = byDepth((depth): Code => {
  const either = oneOf(integers(depth), floats(depth));
  return mostly(4, either, lua`tonumber(${strings(depth - 1)})`, conversions(depth - 1));
});

const conversions = byDepth(
  (depth): Code =>
    oneOf(
      lua`tonumber(${numeralText})`,
      lua`tonumber(${strings(depth)}, ${words("2 8 10 16 36 1 37")})`,
      lua`math.tointeger(${values(depth)})`,
      lua`math.ult(${integers(depth)}, ${integers(depth)})`,
    ),
);

export const strings = byDepth((depth): Code => {
  const leaf = mostly(2, stringVariable, stringLiteral);
  if (depth <= 0) return leaf;
  const same = strings(depth - 1);
  return mostly(
    6,
    oneOf(
      leaf,
      lua`(${same} .. ${oneOf(same, numbers(depth - 1))})`,
      lua`(${numbers(depth - 1)} .. ${same} .. ${same})`,
      lua`tostring(plain(${scalars(depth - 1)}))`,
      stringCall({ text: same, integer: integers(depth - 1), scalar: scalars(depth - 1) }),
      lua`type(${values(depth - 1)})`,
      lua`math.type(${values(depth - 1)})`,
      lua`(${booleans(depth - 1)} and ${same} or ${same})`,
      lua`table.concat({${list(scalars(0), { min: 0, max: 4, joint: ", " })}}, ${same})`,
    ),
    values(depth - 1),
  );
});

export const booleans = byDepth((depth): Code => {
  const leaf = oneOf(booleanLiteral, booleanVariable, lua`${integerVariable} < ${small}`);
  if (depth <= 0) return leaf;
  const same = booleans(depth - 1);
  const number = numbers(depth - 1);
  return mostly(
    8,
    oneOf(
      leaf,
      lua`(${number} ${operatorComparison} ${number})`,
      lua`(${strings(depth - 1)} ${operatorComparison} ${strings(depth - 1)})`,
      lua`(${values(depth - 1)} ${words("== ~=")} ${values(depth - 1)})`,
      lua`not ${values(depth - 1)}`,
      lua`(${same} ${words("and or")} ${same})`,
      lua`rawequal(${values(depth - 1)}, ${values(depth - 1)})`,
      lua`(${tables(0)} ${operatorComparison} ${tables(0)})`,
    ),
    lua`(${values(depth - 1)} ${operatorComparison} ${values(depth - 1)})`,
  );
});

/** What has a text without an address. */
export const scalars = byDepth(
  (depth): Code =>
    oneOf(strings(depth), integers(depth), floats(depth), booleans(depth), nilVariable),
);

export const tables = byDepth((depth): Code => {
  if (depth <= 0) return mostly(3, tableVariable, word("{}"));
  const value = values(depth - 1);
  const entry = oneOf(
    value,
    lua`${fieldName} = ${value}`,
    lua`[${oneOf(integers(0), strings(0), small)}] = ${value}`,
  );
  return oneOf(
    tableVariable,
    lua`{${list(value, { min: 0, max: 5, joint: ", " })}}`,
    lua`{${list(entry, { min: 0, max: 4, joint: "; " })}}`,
    lua`{${value}, fn1(${value})}`,
    lua`table.pack(${list(value, { min: 0, max: 3, joint: ", " })})`,
    lua`setmetatable({${list(value, { min: 0, max: 3, joint: ", " })}}, getmetatable(o1))`,
  );
});

export const functions = byDepth((depth): Code => {
  if (depth <= 0) return mostly(3, functionVariable, word("type", "math.type", "math.floor"));
  const body = values(depth - 1);
  return oneOf(
    functionVariable,
    lua`function(a, b) tick() return ${body} end`,
    lua`function(...) tick() return ${body}, ... end`,
    lua`function(a, ...) tick() return select("#", ...), a, (...) end`,
    lua`function(a) tick() i1 = i1 + 1 return a, ${body} end`,
    lua`function(a) tick() error(${scalars(depth - 1)}) end`,
  );
});

/** Reads of what may not be there: their errors tell the name. */
const reads = byDepth(
  (depth): Code =>
    oneOf(
      lua`${tableVariable}.${fieldName}`,
      lua`${tableVariable}[${oneOf(integers(depth), strings(depth), small)}]`,
      lua`${tableVariable}.${fieldName}.${fieldName}`,
      lua`${globalName}`,
      lua`${globalName}.${fieldName}`,
      lua`${oneOf(stringVariable, integerVariable, nilVariable)}.${fieldName}`,
      lua`rawget(${tableVariable}, ${scalars(depth)})`,
      lua`rawlen(${values(depth)})`,
      lua`(${strings(depth)}).${fieldName}`,
    ),
);

const calls = byDepth((depth): Code => {
  const some = list(values(depth), { min: 0, max: 3, joint: ", " });
  return oneOf(
    lua`fn1(${some})`,
    lua`fn2(${some})`,
    lua`(${functions(depth)})(${some})`,
    lua`${tableVariable}:${fieldName}(${some})`,
    lua`${tableVariable}.${fieldName}(${some})`,
    lua`${oneOf(tableVariable, globalName, integerVariable, nilVariable)}(${some})`,
    lua`select(${small}, ${values(depth)}, ${values(0)})`,
    lua`(${strings(depth)}):${words("upper len rep nope byte")}(${small})`,
    lua`table.unpack(${tables(depth)}, ${small}, ${small})`,
    lua`next(${word("{}", "{7}", "{x = 1}")}${word("", ", 1", ", 'x'", ", 2")})`,
    lua`getmetatable(${values(depth)})`,
    lua`assert(${values(depth)}, ${values(0)})`,
    lua`pcall(${functions(depth)}, ${values(depth)})`,
  );
});

const unary = byDepth((depth): Code => lua`${words("- # ~ not")} ${values(depth)}`);
const binary = byDepth((depth): Code => {
  const operator = oneOf(operatorArithmetic, operatorBitwise, word("..", "and", "or"));
  return lua`(${values(depth)} ${operator} ${values(depth)})`;
});

export const values = byDepth((depth): Code => {
  const leaf = oneOf(integers(0), strings(0), floats(0), nilVariable, tables(0), booleans(0));
  if (depth <= 0) return leaf;
  return oneOf(
    leaf,
    integers(depth),
    strings(depth),
    floats(depth),
    booleans(depth),
    tables(depth),
    functions(depth),
    reads(depth - 1),
    calls(depth - 1),
    unary(depth - 1),
    binary(depth - 1),
  );
});
