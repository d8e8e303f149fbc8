/** Tests of the baseline: what is kept, what stays, and what it is compared by. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { baselineKey, readBaseline, writeBaseline } from "./baseline.ts";
import { RecordError } from "./journal.ts";
import type {
  CostRecord,
  LedgerRecord,
  ResultRecord,
  RunRecord,
  SizeRecord,
  TimingRecord,
} from "./record.ts";

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

function cost(workload: string, instructions: number): CostRecord {
  return {
    ...{ kind: "cost", variant: "wasi-a", axes: { target: "wasi", rest: "wasi-a" } },
    ...{ engine: "node", engineVersion: "26.10.0", workload, scale: "full", instructions },
    ...{ bulkBytes: 1, hostCalls: 2, bytesToHost: 3, bytesFromHost: 4, heapPeakBytes: 5 },
    functions: [["luaV_execute", 9]],
  };
}

function timing(variant: string): TimingRecord {
  return {
    ...{ kind: "timing", variant, axes: { target: "wasi", rest: variant }, engine: "node" },
    role: "variant",
    ...{ engineVersion: "26.10.0", workload: "fib", samplesMs: [1, 2.5] },
  };
}

const ledger: LedgerRecord = {
  ...{ kind: "ledger", variant: "wasi-a", axes: { target: "wasi", rest: "wasi-a" } },
  ...{ totalBytes: 12, unaccountedBytes: 0 },
  groups: [
    ["lua/a.c", 9],
    ["data", 3],
  ],
  items: [
    ["function", "a", "lua/a.c", 5, 9],
    ["function", "b", "lua/a.c", 4, 4],
    ["data", "a text", "data", 1, 1],
    ["data", "another", "data", 2, 2],
  ],
};

const end: ResultRecord = {
  ...{ kind: "end", finishedAt: "2026-08-01T10:30:30.000Z", interrupted: false, durationMs: 1 },
};

describe("a baseline", () => {
  test("keeps runs and what was measured, and nothing else", () => {
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

  test("keeps exact costs and ledgers a row each, and drops what follows from them", () => {
    writeBaseline({ directory, records: [run, ledger, cost("fib", 10), cost("sort", 20)] });
    const { functions: _, ...kept } = cost("fib", 10);
    const { functions: __, ...other } = cost("sort", 20);
    const items = [
      ["function", "a", "lua/a.c", 5],
      ["function", "b", "lua/a.c", 4],
      ["data", "data", "data", 3],
    ];
    const [runRead, ...measured] = readBaseline(directory);
    expect(runRead).toEqual(run);
    expect(measured.slice(0, 2)).toEqual([kept, other]);
    const [found] = measured.slice(2);
    expect(found?.kind === "ledger" && found.groups.toSorted()).toEqual(ledger.groups.toSorted());
    expect(found?.kind === "ledger" && found.items.toSorted()).toEqual(items.toSorted());
    const lines = readFileSync(join(directory, "wasi-a.jsonl"), "utf8").split("\n");
    expect(lines).toContain('["function","b",4]');
    expect(lines).toContain('["fib","full",10,1,2,3,4,5]');
  });

  test("says where a row is that fits nothing", () => {
    writeBaseline({ directory, records: [run, ledger] });
    const path = join(directory, "wasi-a.jsonl");
    const whole = readFileSync(path, "utf8");
    for (const [damage, message] of [
      ['["function","x"]\n', "fits nothing"],
      ['{"kind":"outcome"}\n', "no part of a baseline"],
      ['{"kind":"run","schema":2}\n', "schema version 2"],
      ["{", "damaged"],
    ] as const) {
      writeFileSync(path, `${whole}${damage}`);
      expect(() => readBaseline(directory)).toThrow(message);
      expect(() => readBaseline(directory)).toThrow(`${path}:8`);
    }
  });

  test("of a run that measured less keeps the rest, under the run that measured it", () => {
    writeBaseline({ directory, records: [run, size("wasi-a", "raw", 3), timing("wasi-a")] });
    const later = { ...run, startedAt: "2026-08-02T10:20:30.000Z" };
    writeBaseline({ directory, records: [later, size("wasi-a", "raw", 5)] });
    expect(readBaseline(directory)).toEqual([
      run,
      timing("wasi-a"),
      later,
      size("wasi-a", "raw", 5),
    ]);
    const last = { ...run, startedAt: "2026-08-03T10:20:30.000Z" };
    writeBaseline({ directory, records: [last, size("wasi-a", "raw", 6), timing("wasi-a")] });
    expect(readBaseline(directory)).toEqual([last, size("wasi-a", "raw", 6), timing("wasi-a")]);
  });

  test("has peers' times in a file of their own, and no twin's", () => {
    const peer = { ...timing("wasmoon-1.16.0"), axes: {}, role: "peer" as const };
    const twin = { ...timing("wasi-a"), variant: "wasi-a (A/A)", role: "twin" as const };
    const unknown = { ...timing("other.wasm"), axes: {}, role: "revision" as const };
    const records = [run, timing("wasi-a"), peer, twin, unknown];
    expect(writeBaseline({ directory, records }).map((path) => basename(path))).toEqual([
      "wasi-a.jsonl",
      "peers.jsonl",
    ]);
    expect(readBaseline(directory)).toEqual([run, peer, run, timing("wasi-a")]);
  });

  test("compares by axes and metric, however the id is written", () => {
    const one = size("wasi-a", "raw", 1);
    const same = { ...one, variant: "renamed", axes: { rest: "wasi-a", target: "wasi" } };
    expect(baselineKey(same)).toBe(baselineKey(one));
    expect(baselineKey({ ...one, metric: "gzip" })).not.toBe(baselineKey(one));
    expect(baselineKey({ ...one, axes: { target: "wasi" } })).not.toBe(baselineKey(one));
  });
});
