/** The table of fields: its rows can be compared, and each byte of a body is read through it. */
import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { LuaBytes } from "../scalars.ts";
import { bodyFields } from "./body-fields.ts";
import { decodeBody } from "./decode-body.ts";
import { encodeBody } from "./encode-body.ts";
import type { SnapshotGraph } from "./graph.ts";
import { GraphBuilder, nil, sampleState } from "./sample-graph.ts";

const row =
  /^ {2}(\w+): \["(\w+)", "(\w+)"(?:, (-?\d+|0x[0-9a-f]+|"\w+"))?(?:, (-?\d+|0x[0-9a-f]+))?\],$/;

it("has a row a line, which a pattern reads", async () => {
  const text = await readFile(new URL("./body-fields.ts", import.meta.url), "utf8");
  const names = text.split("\n").flatMap((line) => row.exec(line)?.[1] ?? []);
  expect(names).toEqual(Object.keys(bodyFields));
});

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
  const array = [named, handle, refused, { kind: "refused", refusal: "light userdata" } as const];
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
