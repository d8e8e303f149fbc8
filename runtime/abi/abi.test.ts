/** The ABI's lists agree with docs/FORMATS.md, where each name stands in a table. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  exportsOf,
  failureName,
  type Interface,
  importsOf,
  statusCodes,
  valueTags,
} from "./abi.ts";

const formats = readFileSync(new URL("../../docs/FORMATS.md", import.meta.url), "utf8");
const everything = { target: "wasi", unwind: "js" } as const;

describe("the ABI", () => {
  it("has the codes of docs/FORMATS.md", () => {
    const rows = [...formats.matchAll(/^\| (−?\d+) \| `([A-Z_]+)` \|/gm)];
    const documented = rows.map(([, code = "", name]) => [name, Number(code.replace("−", "-"))]);
    expect(documented).toEqual(Object.entries(statusCodes));
    for (const [name, code] of documented) {
      if (code !== 0) expect(failureName(Number(code))).toBe(name);
    }
    expect(failureName(0)).toBeUndefined();
    expect(failureName(-16)).toBeUndefined();
  });

  it("has the tags of docs/FORMATS.md", () => {
    const [, values = ""] = /^## Values$(.*?)^## /ms.exec(formats) ?? [];
    const rows = [...values.matchAll(/^\| 0x([0-9A-F]{2}) \|/gm)].map(([, tag]) =>
      Number(`0x${tag}`),
    );
    expect(rows).toEqual(Object.values(valueTags));
  });

  it("has the exports and imports of docs/FORMATS.md, and no others", () => {
    const imports = formats.slice(formats.indexOf("## Imports"));
    const documentedImports = new Set([...imports.matchAll(/`(js_\w+)/g)].map(([, name]) => name));
    expect([...documentedImports].sort()).toEqual(
      importsOf(everything)
        .map(({ name }) => name)
        .sort(),
    );
    const exports = formats.slice(
      formats.indexOf("## Exports"),
      formats.indexOf("### Options of `configure`"),
    );
    const told = [...exports.matchAll(/^\| ([^|]*) \|/gm)].flatMap(([, cell = ""]) =>
      [...cell.matchAll(/`(\w+)/g)].map(([, name]) => name),
    );
    // They stand in the text around the table.
    for (const name of ["memory", "_initialize"]) {
      expect(exports).toContain(`\`${name}\``);
      told.push(name);
    }
    expect(told.toSorted()).toEqual(
      exportsOf(everything)
        .map(({ name }) => name)
        .toSorted(),
    );
  });

  it("keeps what is for one axis out of the others", () => {
    const names = (axes: Interface) =>
      [...exportsOf(axes), ...importsOf(axes)].map(({ name }) => name);
    const plain = names({ target: "freestanding", unwind: "exnref" });
    for (const name of [
      "js_try",
      "js_throw",
      "lua_protected_call",
      "__stack_pointer",
      "_initialize",
    ]) {
      expect(plain).not.toContain(name);
      expect(names(everything)).toContain(name);
    }
    expect(names(everything)).not.toContain("__indirect_function_table");
  });
});
