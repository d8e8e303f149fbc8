/** A whole program: variables of each type, then statements that use them. */
import { tables } from "./expressions.ts";
import { type Code, list, lua } from "./grammar.ts";
import { booleanLiteral, floatLiteral, integerLiteral, stringLiteral } from "./literals.ts";
import { metatables } from "./metatables.ts";
import { statements } from "./statements.ts";

/** The names that expressions.ts uses; n1 stays nil, co is for coroutines. */
export const variables: Code = lua`local i1, i2 = ${integerLiteral}, ${integerLiteral}
local f1, f2 = ${floatLiteral}, ${floatLiteral}
local s1, s2 = ${stringLiteral}, ${stringLiteral}
local b1, n1, co = ${booleanLiteral}, nil, nil
local fn1 = function(a, b) tick() return b, a end
local function fn2(...) tick() return select("#", ...), ... end
local t1, t2 = {1, 2, 3}, { x = 1, y = { x = "deep" }, "one" }
local o1, o2
o1 = setmetatable({}, ${metatables(1)})
o2 = setmetatable({ ${integerLiteral}, x = ${stringLiteral} }, ${metatables(0)})
t1[4] = ${tables(1)}`;

export const programs: Code = lua`return run([==[
${variables}
${list(statements(2), { min: 1, max: 10, joint: "\n" })}
]==])`;
