/** Tables of figures: every case that measured, every variant, no figure where a case failed. */
import { describe, expect, test } from "vitest";
import { figureName, figureTables, formatFigure } from "./figures.ts";
import { fixtureRecords, fixtureVariants } from "./fixture.ts";
import { renderMarkdown } from "./markdown/report.ts";
import { reportModel } from "./model.ts";

const model = reportModel({ records: fixtureRecords({ troubled: true }) });

describe("figureTables", () => {
  const [table, ...others] = figureTables(model);

  test("has the suites that measured, and no other", () => {
    expect(others).toEqual([]);
    expect(table).toMatchObject({ suite: "hosts", engine: "node" });
    expect(table?.variants).toHaveLength(fixtureVariants().length);
    const cases = new Set(table?.rows.map((row) => row.case));
    expect([...cases]).toEqual([1, 4, 7, 10, 13, 16].map((place) => `hosts/case-${place}`));
    expect(table?.casesCount).toBe(6);
    const [heap, stack, injections, time] = table?.rows ?? [];
    expect(heap).toMatchObject({
      figure: "heap peak, bytes",
      least: { text: "40,000", variant: "freestanding-debug-js-none" },
      most: { text: "41,000" },
    });
    expect(stack).toMatchObject({ figure: "stack, %", least: { text: "12.3 %" } });
    expect(stack).not.toHaveProperty("most");
    expect(injections?.figure).toBe("injections");
    expect(time?.figure).toBe("time");
  });

  test("shows a state where there is no figure", () => {
    const values = table?.rows[0]?.values ?? [];
    const place = table?.variants.indexOf("wasi-debug-eh-none") ?? -1;
    expect(values[place]).toEqual({ kind: "state", state: "missing" });
    expect(values[0]).toEqual({ kind: "figure", text: "40,000" });
  });

  test("is in the Markdown", () => {
    const row = "| case-1 | heap peak, bytes | 40,000 | `freestanding-debug-js-none` | 41,000 |";
    expect(renderMarkdown(model)).toContain(row);
    expect(renderMarkdown(model)).toContain("| stack, % | 12.3 % | all |");
  });

  test("keeps every row of the Markdown readable", () => {
    const rows = renderMarkdown(model).split("\n");
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThan(600);
  });
});

test.each([
  ["heapPeakBytes", 1234567, "heap peak, bytes", "1,234,567"],
  ["stackPercent", 69.84, "stack, %", "69.8 %"],
  ["slowestMs", 12.5, "slowest, time", "13 ms"],
  ["sinUlp", 0.7534, "sin, ulp", "0.753"],
  ["injections", 3, "injections", "3"],
])("%s is shown in its unit", (name, value, words, text) => {
  expect(figureName(name)).toBe(words);
  expect(formatFigure(name, value)).toBe(text);
});
