/** Tests of the formats for other tools: CTRF, and figures for github-action-benchmark. */
import { expect, test } from "vitest";
import { z } from "zod";
import { renderBenchmarkJson } from "./benchmark-json.ts";
import { renderCtrf } from "./ctrf.ts";
import { fixtureRecords } from "./fixture.ts";
import { reportModel } from "./model.ts";

const model = reportModel({ records: fixtureRecords({ troubled: true }) });

const count = z.int().nonnegative();
/** What of the published schema this project uses: the fields it asks for, and no others. */
const ctrfSchema = z.strictObject({
  ...{ reportFormat: z.literal("CTRF"), specVersion: z.string().regex(/^\d+\.\d+\.\d+$/) },
  ...{ timestamp: z.iso.datetime(), generatedBy: z.string() },
  results: z.strictObject({
    tool: z.strictObject({ name: z.string().min(1), version: z.string() }),
    summary: z.strictObject({
      ...{ tests: count, passed: count, failed: count, skipped: count, pending: count },
      ...{ other: count, suites: count, start: count, stop: count, duration: count },
      extra: z.record(z.string(), z.unknown()),
    }),
    tests: z.array(
      z.strictObject({
        name: z.string().min(1),
        status: z.enum(["passed", "failed", "skipped", "pending", "other"]),
        ...{ duration: count, suite: z.array(z.string()).min(1), rawStatus: z.string() },
        ...{ message: z.string().optional(), trace: z.string().optional() },
        extra: z.record(z.string(), z.unknown()),
      }),
    ),
    environment: z.strictObject({
      ...{ appName: z.string(), osPlatform: z.string(), osVersion: z.string() },
      ...{ commit: z.string(), extra: z.record(z.string(), z.unknown()) },
    }),
  }),
});

test("ctrf.json has every outcome and build failure, and counts them", () => {
  const { results } = ctrfSchema.parse(JSON.parse(renderCtrf(model)));
  const { summary, tests } = results;
  expect(tests).toHaveLength(1921);
  expect(summary).toMatchObject({ tests: 1921, passed: 1836, failed: 46, skipped: 39, pending: 0 });
  const failed = tests.find(({ rawStatus }) => rawStatus === "fail");
  expect(failed).toMatchObject({ message: 'expected output "Count: 2\\n"', status: "failed" });
  expect(failed?.extra["repro"]).toContain("npm run matrix -- repro");
});

test("benchmark.json has sizes, exact costs and ratios, each with its unit", () => {
  const entries = z
    .array(
      z.strictObject({
        ...{ name: z.string(), unit: z.string(), value: z.number() },
        ...{ range: z.string().optional(), extra: z.string().optional() },
      }),
    )
    .parse(JSON.parse(renderBenchmarkJson(model)));
  const named = (name: string) => entries.find((entry) => entry.name === name);
  expect(named("freestanding-small-js-opt raw")).toEqual({
    ...{ name: "freestanding-small-js-opt raw", unit: "bytes", value: 215_800 },
  });
  expect(named("freestanding-fast-exnref-opt sort")?.unit).toBe("instructions");
  expect(named("wasmoon-1.16.0 fib in node")?.extra).toContain("slower");
  expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length);
});
