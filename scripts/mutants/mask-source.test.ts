/** Tests of the mask: nothing moves, and nothing but code is left. */
import { expect, test } from "vitest";
import { maskSource } from "./mask-source.ts";

test("maskSource keeps every offset and line end", () => {
  const source = "const a = 'x\\'y'; /* b\nc */ const d = `e\nf`; // g\n";
  const masked = maskSource(source);
  expect(masked).toHaveLength(source.length);
  expect(masked.split("\n")).toHaveLength(source.split("\n").length);
  expect(masked).toContain("const d = `");
  expect(masked).not.toMatch(/[xyefg]/);
});
