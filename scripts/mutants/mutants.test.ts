/** The faults that a source can be given. */
import { expect, test } from "vitest";
import { mutantsOf, shownFault, withFault } from "./mutants.ts";

const faultsOf = (text: string): readonly string[] =>
  mutantsOf({ path: "a.ts", text }).map((each) => withFault(text, each));

test.each([
  ["comparisons", "a < b;", ["a <= b;"]],
  ["equality", "a === b;", ["a !== b;"]],
  ["equality in Zig", "a == b;", ["a != b;"]],
  ["arithmetic", "a + b;", ["a - b;"]],
  ["conditions", "a && b;", ["a || b;"]],
  ["conditions in Zig", "a and b;", ["a or b;"]],
  ["negation", "if (!a) {", ["if (a) {"]],
  ["truth", "a = true;", ["a = false;"]],
  ["numbers", "a = 0xff;", ["a = 256;"]],
  ["calls", "{\n  this.#a.b(c);\n}", ["{\n  \n}"]],
  ["lines that leave", "{\n  if (a) return b;\n}", ["{\n  \n}"]],
  ["all of a line, in order", "a < 1 || b;", ["a <= 1 || b;", "a < 2 || b;", "a < 1 && b;"]],
])("%s", (_, text, expected) => expect(faultsOf(text)).toEqual(expected));

test.each([
  ["comments", "// a < 1\n/** b === 2 */"],
  ["strings", '"a < 1"; `b === 2`; '],
  ["types", "const a: Map<string, u32> = b;"],
  ["names with digits", "u32 a1 ArrayList8"],
  ["imports", 'import { a } from "./a1.ts";'],
])("%s have none", (_, text) => expect(faultsOf(text)).toEqual([]));

test("a person sees both lines", () => {
  const text = "one();\n  if (a < b) {\n";
  const [mutant] = mutantsOf({ path: "a.ts", text });
  expect(mutant && shownFault(text, mutant)).toBe("- if (a < b) {\n+ if (a <= b) {");
  expect(mutant?.line).toBe(2);
});
