/** The worked example of docs/FORMATS.md is what the code reads and writes. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { valueTags } from "../abi/abi.ts";
import { decodeBody } from "./decode-body.ts";
import { encodeBody } from "./encode-body.ts";
import { showGraph } from "./show.ts";

const formats = readFileSync(new URL("../../docs/FORMATS.md", import.meta.url), "utf8");
const [, words = "", , hex = "", , text = ""] =
  /^## A worked example$(.*?)```(\n)(.*?)```(.*?)```\n(.*?)```/ms.exec(formats) ?? [];

it("of docs/FORMATS.md has its length, is read as it says, and is written so", () => {
  const lines = hex.trim().split("\n");
  const bytes = Uint8Array.from(
    lines.flatMap((line) => line.slice(0, 40).trim().split(/\s+/)),
    (pair) => Number(`0x${pair}`),
  );
  expect(words).toContain(`${bytes.length} bytes`);
  expect(bytes[0]).toBe(valueTags.graph);
  const body = bytes.subarray(1);
  const decoded = decodeBody(body);
  if (!decoded.ok) throw new Error(decoded.reason);
  expect(showGraph(decoded.graph)).toBe(text.trimEnd());
  expect(encodeBody(decoded.graph)).toEqual(body);
});
