/** The suites as they stand: importing them validates their ids, and none is empty. */
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { suites } from "./index.ts";

it("lists every suite with its cases and its own entry", () => {
  expect(suites.map(({ name }) => name)).toEqual([
    "scenarios",
    "exports",
    "hosts",
    "language",
    "stdlib",
    "official",
    "stacks",
    "limits",
    "faults",
    "persistence",
    "serializer",
  ]);
  for (const { name, cases, entry } of suites) {
    expect(cases.length).toBeGreaterThan(5);
    expect(fileURLToPath(entry)).toMatch(new RegExp(`suites.${name}.index\\.ts$`));
  }
});
