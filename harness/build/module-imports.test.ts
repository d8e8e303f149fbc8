/** Tests of the import scan: what counts as an import, and what only looks like one. */
import { describe, expect, test } from "vitest";
import { moduleImports } from "./module-imports.ts";

function specifiers(source: string): readonly string[] {
  return moduleImports(source).map(({ specifier }) => specifier);
}

describe("moduleImports", () => {
  test("finds all forms, in order, with their lines", () => {
    const source = [
      'import { a } from "./a.ts";',
      "import type {",
      "  B,",
      "} from './b.ts';",
      'import "./c.ts";',
      'export { d } from "./d.ts";',
      'export * from "./e.ts";',
      'const f = await import("./f.ts");',
      'const g = new URL("./new-g.wat", import.meta.url);',
      'import h, { type I } from "node:fs";',
      'export type { J } from "./j.ts";',
    ].join("\n");
    expect(moduleImports(source)).toEqual([
      { specifier: "./a.ts", line: 1, form: "static" },
      { specifier: "./b.ts", line: 4, form: "static" },
      { specifier: "./c.ts", line: 5, form: "static" },
      { specifier: "./d.ts", line: 6, form: "static" },
      { specifier: "./e.ts", line: 7, form: "static" },
      { specifier: "./f.ts", line: 8, form: "dynamic" },
      { specifier: "./new-g.wat", line: 9, form: "url" },
      { specifier: "node:fs", line: 10, form: "static" },
      { specifier: "./j.ts", line: 11, form: "static" },
    ]);
  });

  test("passes over comments, strings, templates and regular expressions", () => {
    const source = [
      "// import './comment.ts'",
      "/*\nimport './block.ts'\n*/",
      ["const text = `\nimport './template.ts'\n$", "{`nested $", "{1}`}`;"].join(""),
      "const quoted = \"import('./string.ts')\";",
      "const pattern = /import ['\"]/;",
      'import "./real.ts";',
      "const ratio = 4 / 2; const b = ratio / 2; // not a pattern",
      'import "./last.ts";',
    ].join("\n");
    expect(specifiers(source)).toEqual(["./real.ts", "./last.ts"]);
  });
});
