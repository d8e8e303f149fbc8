/** That docs/COST_MODEL.md says what the pass does: its example is metered and run. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readSections } from "../wasm/sections.ts";
import { assemble } from "./assemble.fixture.ts";
import { chargesOf } from "./charges.ts";
import { weightOf } from "./cost-model.ts";
import { meterModule } from "./meter-module.ts";
import { run } from "./run.fixture.ts";

const document = readFileSync(new URL("../../docs/COST_MODEL.md", import.meta.url), "utf8");
const text = /```wat\n\(module\n(.*?)\n\)\n```/s.exec(document)?.[1] ?? "";
const wasm = assemble(text);

/** The sums of each lettered block, in the order of the text. */
function annotatedBlocks(): readonly number[] {
  const sums = new Map<string, number>();
  for (const [, letter = "", weight] of text.matchAll(/;; ([A-Z]) (\d+)/g)) {
    sums.set(letter, (sums.get(letter) ?? 0) + Number(weight));
  }
  return [...sums.values()];
}

test("the blocks of the example are those that the pass finds", () => {
  const code = readSections(wasm)
    .find(({ name }) => name === "code")
    ?.open();
  const charges = code?.vector(() => chargesOf(code.slice(code.u32()), weightOf)).flat() ?? [];
  const blocks = charges.flatMap((each) => (each.kind === "block" ? [each.instructions] : []));
  expect(blocks).toEqual([4, 1, 2, 4, 5, 2, 1]);
  expect(blocks).toEqual(annotatedBlocks());
});

const row = /^\| f\((\d+)\) \|[^|]*\| (\d+) \| (\d+) \|$/gm;
const calls = [...document.matchAll(row)].map(([, ...figures]) => figures.map(Number));

test("the table has its three calls", () => expect(calls).toHaveLength(3));

test.each(calls)("f(%d) counts %d, and %d bytes", async (n, instructions, bulkBytes) => {
  const metered = meterModule(wasm, { mode: "total" });
  const { counts } = await run(metered.wasm, [n ?? 0]);
  expect(counts).toMatchObject({ instructions, bulkBytes });
});
