/** Graphs of values: tables and closures that refer to each other, in cycles and by any key. */
import fc from "fast-check";
import { scalars } from "../../language/grammar/expressions.ts";
import type { Code } from "../../language/grammar/grammar.ts";

/** One edge: by which key, or which other way, a node leads to another. */
interface Edge {
  readonly from: number;
  readonly to: number;
  readonly way: "field" | "element" | "object key" | "scalar key" | "metatable" | "upvalue";
}

const nodesMax = 12;

const edge: fc.Arbitrary<Edge> = fc.record({
  from: fc.nat({ max: nodesMax - 1 }),
  to: fc.nat({ max: nodesMax - 1 }),
  way: fc.constantFrom<Edge["way"]>(
    "field",
    "element",
    "object key",
    "scalar key",
    "metatable",
    "upvalue",
  ),
});

/** Each node is a table or one of two closures that share their variables. */
const made =
  "local n, put = {}, {} for k = 1, 12 do local a, b = k, {} " +
  "if k % 3 == 0 then n[k] = function() return a, b, n end " +
  "put[k] = function(x) a, b = b, x return a end else n[k] = {} end end";

export const valueGraph: Code = fc
  .tuple(fc.array(edge, { maxLength: 30, size: "max" }), fc.array(scalars(0), { maxLength: 8 }))
  .map(([edges, keys]) => {
    const lines = edges.map((each, place) => lineOf(each, keys[place % keys.length] ?? '"k"'));
    return `do ${made}\n${lines.join("\n")}\ntick() tell(n, put) tick() t1 = n end`;
  });

function lineOf({ from, to, way }: Edge, key: string): string {
  const [a, b] = [from + 1, to + 1];
  const target = `n[${b}]`;
  if (way === "upvalue") return `if put[${a}] then put[${a}](${target}) end`;
  const change = {
    field: `n[${a}].f${b} = ${target}`,
    element: `table.insert(n[${a}], ${target})`,
    "object key": `n[${a}][${target}] = ${b}`,
    "scalar key": `rawset(n[${a}], (${key}), ${target})`,
    metatable: `setmetatable(n[${a}], n[${b}])`,
  }[way];
  return `pcall(function() ${change} end)`;
}
