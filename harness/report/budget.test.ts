/** Tests of budgets: the edges of each limit, which figures it is for, and the committed file. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { BudgetError, type Budgets, checkBudgets, readBudgets } from "./budget.ts";
import type { VariantReport } from "./schema.ts";
import type { CostReport, Workload } from "./schema-figures.ts";

function variantOf({
  bytes,
  before,
}: {
  readonly bytes: number;
  readonly before?: number;
}): VariantReport {
  const compared = before === undefined ? {} : { baselineBytes: before };
  return {
    variant: "wasi-small-js-opt",
    axes: { target: "wasi", optimize: "ReleaseSmall" },
    build: { state: "built", durationMs: 0, steps: [] },
    sizes: [{ metric: "raw", bytes, ...compared }],
    sections: [{ metric: "data", bytes: 10 }],
    ...{ functions: [], functionsCount: 0, functionsBytes: 0 },
  };
}

function overOf(limit: Budgets["limits"][number], variant: VariantReport): readonly boolean[] {
  const budgets = { schema: 1 as const, limits: [limit] };
  const { checks } = checkBudgets({ budgets, variants: [variant], costs: [], workloads: [] });
  return checks.map((check) => check.over);
}

describe("a maximum", () => {
  const limit = { metric: "raw", maxBytes: 1000, reason: "r" };
  test.each([
    [999, false],
    [1000, false],
    [1001, true],
  ])("of 1000: %i over is %s", (bytes, over) => {
    expect(overOf(limit, variantOf({ bytes }))).toEqual([over]);
  });

  test("is for the axes that it names, one value or several", () => {
    const variant = variantOf({ bytes: 2000 });
    expect(overOf({ ...limit, axes: { target: "wasi" } }, variant)).toEqual([true]);
    expect(overOf({ ...limit, axes: { optimize: ["Debug", "ReleaseSmall"] } }, variant)).toEqual([
      true,
    ]);
    expect(overOf({ ...limit, axes: { target: "wasi", optimize: "Debug" } }, variant)).toEqual([]);
  });

  test("may be of a section", () => {
    expect(
      overOf({ metric: "section:data", maxBytes: 9, reason: "r" }, variantOf({ bytes: 1 })),
    ).toEqual([true]);
  });

  test("that is for nothing is named", () => {
    const limits = [{ ...limit, axes: { target: "wasm" } }];
    const { checks, unmatched } = checkBudgets({
      budgets: { schema: 1, limits },
      variants: [variantOf({ bytes: 1 })],
      ...{ costs: [], workloads: [] },
    });
    expect(checks).toEqual([]);
    expect(unmatched).toEqual(["raw where target=wasm: at most 1000 bytes"]);
  });
});

describe("a growth of 1 % and 100 bytes", () => {
  const limit = { metric: "raw", maxGrowthPercent: 1, maxGrowthBytes: 100, reason: "r" };
  test.each([
    ["small, much in percent, 100 bytes", 1000, 1100, false],
    ["small, much in percent, 101 bytes", 1000, 1101, true],
    ["large, much in bytes, 1 percent", 100_000, 101_000, false],
    ["large, much in bytes, 1 percent and a byte", 100_000, 101_001, true],
    ["shrunk", 100_000, 50_000, false],
    ["new from nothing", 0, 101, true],
  ])("%s", (_, before, bytes, over) => {
    expect(overOf(limit, variantOf({ bytes, before }))).toEqual([over]);
  });

  test("is not checked where the baseline does not know the figure", () => {
    expect(overOf(limit, variantOf({ bytes: 1_000_000 }))).toEqual([]);
  });
});

describe("a limit on exact cost", () => {
  const cost = (workload: string, instructions: number, before?: number): CostReport => ({
    ...{ variant: "v", axes: { target: "wasi" }, workload, scale: "full", engines: ["node"] },
    ...{ instructions, bulkBytes: 0, hostCalls: 0, bytesToHost: 0, bytesFromHost: 0 },
    heapPeakBytes: 0,
    ...(before === undefined ? {} : { baselineInstructions: before }),
  });
  const overs = (limit: Budgets["limits"][number], costs: readonly CostReport[]) =>
    checkBudgets({
      ...{ budgets: { schema: 1, limits: [limit] }, variants: [], costs, workloads: [] },
    }).checks.map(({ metric, over }) => [metric, over]);

  test("a maximum is of one workload, of each, or of their geometric mean", () => {
    const costs = [cost("fib", 100), cost("sort", 400)];
    const limit = { maxInstructions: 150, reason: "r" };
    expect(overs({ ...limit, metric: "instructions:sort" }, costs)).toEqual([
      ["instructions:sort", true],
    ]);
    expect(overs({ ...limit, metric: "instructions:*" }, costs)).toEqual([
      ["instructions:fib", false],
      ["instructions:sort", true],
    ]);
    expect(overs({ ...limit, metric: "instructions" }, costs)).toEqual([["instructions", true]]);
    expect(overs({ ...limit, metric: "instructions", maxInstructions: 200 }, costs)).toEqual([
      ["instructions", false],
    ]);
  });

  test.each([
    ["0.25 % more", 1_002_500, false],
    ["an instruction beyond", 1_002_501, true],
    ["a rise of 0.5 %", 1_005_000, true],
    ["less", 900_000, false],
  ])("a growth of 0.25 %%: %s", (_, instructions, over) => {
    const limit = { metric: "instructions:*", maxGrowthPercent: 0.25, maxGrowthInstructions: 100 };
    const costs = [cost("fib", instructions, 1_000_000)];
    expect(overs({ ...limit, reason: "r" }, costs)).toEqual([["instructions:fib", over]]);
    expect(overs({ ...limit, reason: "r" }, [cost("fib", instructions)])).toEqual([]);
  });
});

describe("a limit on time", () => {
  const workload = (verdict: "slower" | "undecided", ratio: number): Workload => ({
    ...{ workload: "fib", engine: "node", classic: true },
    subjects: [
      {
        ...{
          subject: "v",
          role: "variant",
          axes: { target: "wasi" },
          medianMs: 1,
          samplesCount: 9,
        },
        change: { against: "before", verdict, ratio, processes: 6, rounds: 9 },
      },
    ],
  });
  test.each([
    ["slower by more", "slower", 1.04, true],
    ["slower by less", "slower", 1.02, false],
    ["more, but not surely", "undecided", 1.2, false],
  ] as const)("of 3 %%: %s", (_, verdict, ratio, over) => {
    const limits = [{ metric: "time:*", maxSlowerPercent: 3, reason: "r" }];
    const { checks } = checkBudgets({
      budgets: { schema: 1, limits },
      ...{ variants: [], costs: [], workloads: [workload(verdict, ratio)] },
    });
    expect(checks).toMatchObject([{ kind: "slower", unit: "percent", limit: 3, over }]);
  });
});

describe("the file of budgets", () => {
  test("as committed holds the limits that were promised", () => {
    const { limits } = readBudgets(
      join(import.meta.dirname, "..", "..", "reports", "budgets.json"),
    );
    const maxima = limits.flatMap((limit) =>
      "maxBytes" in limit ? [[limit.metric, limit.maxBytes]] : [],
    );
    expect(maxima).toEqual([
      ["raw", 214_770],
      ["brotli", 83_000],
      ["raw", 399_999],
    ]);
    expect(limits.some((limit) => "maxGrowthPercent" in limit)).toBe(true);
  });

  test.each([
    ["is not JSON", "{"],
    [
      "knows no limit of that name",
      '{"schema":1,"limits":[{"metric":"raw","maxBites":1,"reason":"r"}]}',
    ],
    [
      "has half a growth",
      '{"schema":1,"limits":[{"metric":"raw","maxGrowthPercent":1,"reason":"r"}]}',
    ],
    [
      "limits instructions in bytes",
      '{"schema":1,"limits":[{"metric":"instructions","maxBytes":1,"reason":"r"}]}',
    ],
    [
      "limits a size in per cent of time",
      '{"schema":1,"limits":[{"metric":"raw","maxSlowerPercent":1,"reason":"r"}]}',
    ],
    ["has no reason", '{"schema":1,"limits":[{"metric":"raw","maxBytes":1}]}'],
    ["is of another version", '{"schema":2,"limits":[]}'],
  ])("%s: an error that names it", (_, text) => {
    const directory = mkdtempSync(join(tmpdir(), "budgets-"));
    const path = join(directory, "budgets.json");
    writeFileSync(path, text);
    try {
      expect(() => readBudgets(path)).toThrow(BudgetError);
      expect(() => readBudgets(path)).toThrow(path);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test("may not be missing", () => {
    expect(() => readBudgets("/nowhere/budgets.json")).toThrow(BudgetError);
  });
});
