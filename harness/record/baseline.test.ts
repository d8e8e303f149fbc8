/** Tests of the baseline: what is kept, what stays, and what it is compared by. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { baselineKey, readBaseline, writeBaseline } from "./baseline.ts";
import { RecordError } from "./journal.ts";
import type { ResultRecord, RunRecord, SizeRecord } from "./record.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "baseline-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const run: RunRecord = {
  ...{ kind: "run", schema: 1, startedAt: "2026-08-01T10:20:30.000Z", command: "npm run matrix" },
  ...{ seed: 1, tier: "standard", engines: ["node"], tools: {}, excluded: [] },
  fingerprint: {
    os: "linux",
    arch: "x64",
    cpu: "cpu",
    cores: 2,
    memoryBytes: 1024,
    node: "26.10.0",
  },
};

function size(variant: string, metric: string, bytes: number): SizeRecord {
  return {
    kind: "size",
    variant,
    axes: { target: variant.split("-")[0] ?? "", rest: variant },
    metric,
    bytes,
  };
}

const end: ResultRecord = {
  ...{ kind: "end", finishedAt: "2026-08-01T10:30:30.000Z", interrupted: false, durationMs: 1 },
};

describe("a baseline", () => {
  test("keeps runs and sizes and nothing else", () => {
    writeBaseline({
      directory,
      records: [run, size("wasi-a", "raw", 3), size("wasi-a", "brotli", 2), end],
    });
    expect(readBaseline(directory)).toEqual([
      run,
      size("wasi-a", "brotli", 2),
      size("wasi-a", "raw", 3),
    ]);
  });

  test("of a filtered run renews only the variants that it measured", () => {
    writeBaseline({
      directory,
      records: [run, size("wasi-a", "raw", 3), size("wasi-b", "raw", 4)],
    });
    const later = { ...run, startedAt: "2026-08-02T10:20:30.000Z" };
    writeBaseline({ directory, records: [later, size("wasi-b", "raw", 5)] });
    expect(readBaseline(directory)).toEqual([
      run,
      size("wasi-a", "raw", 3),
      later,
      size("wasi-b", "raw", 5),
    ]);
  });

  test("has nothing of a wasm of unknown origin, and no file outside its folder", () => {
    const unknown: SizeRecord = { ...size("other.wasm", "raw", 1), axes: {} };
    expect(writeBaseline({ directory, records: [run, unknown] })).toEqual([]);
    const escaping = size("../escaped", "raw", 1);
    expect(() => writeBaseline({ directory, records: [run, escaping] })).toThrow(RecordError);
    expect(readdirSync(directory)).toEqual([]);
    expect(existsSync(join(directory, "..", "escaped.jsonl"))).toBe(false);
  });

  test("needs a run, and is empty where there is none", () => {
    expect(() => writeBaseline({ directory, records: [size("wasi-a", "raw", 3)] })).toThrow(
      RecordError,
    );
    expect(readBaseline(join(directory, "nowhere"))).toEqual([]);
  });

  test("compares by axes and metric, however the id is written", () => {
    const one = size("wasi-a", "raw", 1);
    const same = { ...one, variant: "renamed", axes: { rest: "wasi-a", target: "wasi" } };
    expect(baselineKey(same)).toBe(baselineKey(one));
    expect(baselineKey({ ...one, metric: "gzip" })).not.toBe(baselineKey(one));
    expect(baselineKey({ ...one, axes: { target: "wasi" } })).not.toBe(baselineKey(one));
  });
});
