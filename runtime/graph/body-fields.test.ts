/** The table of fields: its rows can be compared, and each byte of a body is read through it. */
import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { LuaBytes } from "../scalar/scalars.ts";
import { bodyFields } from "./body-fields.ts";
import { decodeBody } from "./decode-body.ts";
import { encodeBody } from "./encode-body.ts";
import type { SnapshotGraph } from "./graph.ts";
import { GraphBuilder, nil, sampleState } from "./sample-graph.fixture.ts";

const row =
  /^ {2}(\w+): \["(\w+)", "(\w+)"(?:, (-?\d+|0x[0-9a-f]+|"\w+"))?(?:, (-?\d+|0x[0-9a-f]+))?\],$/;

it("has a row a line, which a pattern reads", async () => {
  const text = await readFile(new URL("./body-fields.ts", import.meta.url), "utf8");
  const names = text.split("\n").flatMap((line) => row.exec(line)?.[1] ?? []);
  expect(names).toEqual(Object.keys(bodyFields));
});

const figure = "-?\\d+|0x[0-9a-f]+";
const guestRow = new RegExp(
  `^ {4}\\.(\\w+) = \\.\\{ "(\\w+)", "(\\w+)"(?:, (${figure}|"\\w+"))?(?:, (${figure}))? \\},$`,
);

it("is the guest's table, row by row", async () => {
  const path = new URL("../../zig/core/snapshot/fields.zig", import.meta.url);
  const guest = rowsOf(await readFile(path, "utf8"), guestRow);
  const host = rowsOf(
    await readFile(new URL("./body-fields.ts", import.meta.url), "utf8"),
    row,
  ).map((cells) => cells.map(snakeCase));
  expect(guest.length).toBe(Object.keys(bodyFields).length);
  expect(guest).toEqual(host);
});

function rowsOf(text: string, pattern: RegExp): readonly (readonly string[])[] {
  return text.split("\n").flatMap((line) => {
    const match = pattern.exec(line);
    return match === null ? [] : [match.slice(1).map((cell) => cell ?? "")];
  });
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Which fields were read; throws where a byte is read twice or by none. */
function fieldsRead(graph: SnapshotGraph): ReadonlySet<string> {
  const names = new Set<string>();
  const body = encodeBody(graph);
  let end = 0;
  const result = decodeBody(
    body,
    {},
    {
      field: ({ name }, { at, length }) => {
        expect(at, name).toBe(end);
        names.add(name);
        end = at + length;
      },
      part: () => undefined,
    },
  );
  expect(result).toMatchObject({ ok: true });
  expect(end).toBe(body.length);
  return names;
}

it("has each byte of a body, and no field that no body has", () => {
  const value = new GraphBuilder();
  const named = value.add({ kind: "namedTable", name: new LuaBytes("string") });
  const handle = value.add({ kind: "tableHandle", table: 7 });
  const refused = value.add({ kind: "refused", refusal: "light userdata" });
  const error = new LuaBytes(new Uint8Array([0]));
  const failed = value.add({ kind: "refused", refusal: "its __persist failed", error });
  const array = [
    named,
    handle,
    refused,
    failed,
    { kind: "refused", refusal: "light userdata" } as const,
  ];
  const table = value.table([], { array });
  const inner = value.prototype();
  value.prototype({ prototypes: [inner.id] });
  const read = [
    fieldsRead(sampleState()),
    fieldsRead(value.build({ scope: "value", value: table }, { hasRefusals: true })),
    fieldsRead(new GraphBuilder().build({ scope: "value", value: nil }, { names: [] })),
  ];
  expect(new Set(read.flatMap((names) => [...names]))).toEqual(new Set(Object.keys(bodyFields)));
});
