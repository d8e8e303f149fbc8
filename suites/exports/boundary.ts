/** Exports and imports, exactly, with their signatures. */

import { CheckFailure, equal } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { readModule } from "../../harness/wasm/module.ts";
import { exportsOf, importsOf } from "../../runtime/abi/abi.ts";
import { interfaceOf } from "./subject-interface.ts";

export const boundary = [
  defineCase({
    id: "exports/magic-and-version",
    title: "The file begins with the magic bytes of wasm and binary version 1",
    tier: "smoke",
    run: ({ subject }) => {
      const expected = new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
      equal(subject.wasm.slice(0, 8), expected, "the first 8 bytes");
    },
  }),
  defineCase({
    id: "exports/exports",
    title: "It exports exactly what the ABI lists, with these signatures, and no function table",
    tier: "smoke",
    run: async (context) => {
      const expected = exportsOf(await interfaceOf(context)).map(
        ({ name, type }) => `${name} ${type}`,
      );
      const actual = readModule(context.subject.wasm).exports.map(
        ({ name, type }) => `${name} ${type}`,
      );
      sameNames({ actual, expected }, "export");
    },
  }),
  defineCase({
    id: "exports/imports",
    title: "It imports exactly what the ABI lists, with these signatures",
    tier: "smoke",
    run: async (context) => {
      const line = (each: {
        readonly module: string;
        readonly name: string;
        readonly type: string;
      }) => `${each.module}.${each.name} ${each.type}`;
      const expected = importsOf(await interfaceOf(context)).map(line);
      const actual = readModule(context.subject.wasm).imports.map(line);
      sameNames({ actual, expected }, "import");
    },
  }),
  defineCase({
    id: "exports/no-wasi-import",
    title: "It imports nothing of WASI, on freestanding and on wasi alike",
    tier: "smoke",
    run: ({ subject }) => {
      const wasi = readModule(subject.wasm).imports.filter(({ module }) =>
        module.startsWith("wasi"),
      );
      equal(
        wasi.map(({ module, name }) => `${module}.${name}`),
        [],
        "imports of WASI",
      );
    },
  }),
  defineCase({
    id: "exports/no-start",
    title: "It has no start function, and exports no _start",
    tier: "smoke",
    run: ({ subject }) => {
      const module = readModule(subject.wasm);
      equal(module.hasStart, false, "a start section");
      equal(
        module.exports.some(({ name }) => name === "_start"),
        false,
        "an export _start",
      );
    },
  }),
];

function sameNames(
  lists: { readonly actual: readonly string[]; readonly expected: readonly string[] },
  what: string,
): void {
  const missing = lists.expected.filter((each) => !lists.actual.includes(each));
  const extra = lists.actual.filter((each) => !lists.expected.includes(each));
  if (missing.length === 0 && extra.length === 0) return;
  const parts = [
    ...missing.map((each) => `${what} ${each} is missing`),
    ...extra.map((each) => `${what} ${each} is not in the ABI`),
  ];
  throw new CheckFailure(parts.join("; "));
}
