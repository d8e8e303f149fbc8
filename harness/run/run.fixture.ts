/** Sets up a real run for tests: a small wasm on disk, the engine `node`, the fixture's suites. */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Artifact } from "../build/artifact.ts";
import type { Engine } from "../engine/engine.ts";
import { nodeEngine } from "../engine/node-engine.ts";
import { indexSources } from "../ledger/sources.ts";
import type { OutcomeRecord, ResultRecord } from "../record/record.ts";
import { BusyClock } from "./busy-clock.ts";
import type { RunContext } from "./context.ts";
import type { RunEvent } from "./event.ts";
import { OutcomeCache } from "./outcome-cache.ts";
import { plan } from "./plan.ts";
import { suites } from "./suites.fixture.ts";

/** (module (func (export "trap") unreachable)) */
const trapWasm = [
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04, 0x01, 0x60, 0x00, 0x00, 0x03, 0x02,
  0x01, 0x00, 0x07, 0x08, 0x01, 0x04, 0x74, 0x72, 0x61, 0x70, 0x00, 0x00, 0x0a, 0x05, 0x01, 0x03,
  0x00, 0x00, 0x0b,
];

export interface RunFixture extends Disposable {
  readonly directory: string;
  readonly wasmPath: string;
  readonly engine: Engine;
  readonly records: ResultRecord[];
  readonly events: RunEvent[];
  /** A context on two subjects; what is given replaces its parts. */
  readonly context: (parts?: Partial<RunContext>) => RunContext;
  readonly outcomes: () => readonly OutcomeRecord[];
  /** How many workers were started so far. */
  readonly starts: () => number;
}

export function runFixture(options: {
  readonly execPath: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}): RunFixture {
  const directory = mkdtempSync(join(tmpdir(), "matrix-run-"));
  const wasmPath = join(directory, "trap.wasm");
  writeFileSync(wasmPath, new Uint8Array(trapWasm));
  let starts = 0;
  const real = nodeEngine({
    ...options,
    entry: new URL("../../scripts/worker/node-worker.ts", import.meta.url),
  });
  const engine: Engine = {
    ...real,
    start: () => {
      starts += 1;
      return real.start();
    },
  };
  const records: ResultRecord[] = [];
  const events: RunEvent[] = [];
  const base: RunContext = {
    plan: fixturePlan(["one", "two"]),
    engines: new Map([["node", { engine, probe: { state: "available", version: "1.0.0" } }]]),
    artifactOf: async ({ id }) => ({ ok: true, artifact: artifactOf(id, wasmPath), cached: false }),
    busy: new BusyClock(() => performance.now()),
    readWasm: async (path) => readFileSync(path),
    sourceIndex: async () => indexSources([]),
    luaPath: directory,
    suitesUrl: new URL("./suites.fixture.ts", import.meta.url).href,
    closureOf: async () => "closure",
    cache: new OutcomeCache(join(directory, "outcomes")),
    force: false,
    seed: 1,
    jobs: 2,
    signal: new AbortController().signal,
    onRecord: (record) => records.push(record),
    onEvent: (event) => events.push(event),
    onLine: () => undefined,
  };
  return {
    directory,
    wasmPath,
    engine,
    records,
    events,
    context: (parts = {}) => ({ ...base, ...parts }),
    outcomes: () => records.filter((record) => record.kind === "outcome"),
    starts: () => starts,
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
}

export function fixturePlan(
  subjects: readonly string[],
  only?: (caseId: string) => boolean,
): RunContext["plan"] {
  return plan({
    tier: "standard",
    subjects: subjects.map((id) => ({ id, axes: {} })),
    engines: ["node"],
    suites,
    ...(only === undefined ? {} : { only: (place) => only(place.case) }),
  });
}

export function artifactOf(id: string, wasmPath: string): Artifact {
  const wasm = readFileSync(wasmPath);
  return {
    id,
    wasmPath,
    sha256: createHash("sha256").update(wasm).update(id).digest("hex"),
    sizes: { raw: wasm.length, gzip: wasm.length, brotli: wasm.length },
    manifest: { abi: 1, lua: "", zig: "", target: "", optimize: "", unwind: "" },
    steps: [{ name: "copy", durationMs: 1 }],
  };
}
