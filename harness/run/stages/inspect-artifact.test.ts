/** Tests of the inspection: every byte of the wasm is in a section; functions, largest first. */
import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { indexSources } from "../../ledger/sources.ts";
import { artifactOf, type RunFixture, runFixture } from "../run.fixture.ts";
import { inspectArtifact } from "./inspect-artifact.ts";

let fixture: RunFixture;
beforeEach(() => {
  fixture = runFixture({ execPath: process.execPath, environment: process.env });
});
afterEach(() => fixture[Symbol.dispose]());

test("sizes, sections and functions of a small wasm", async () => {
  const artifact = artifactOf("one", fixture.wasmPath);
  const records = await inspectArtifact({
    artifact,
    axes: { target: "none" },
    readWasm: readFile,
    sources: indexSources([]),
  });
  const bytes = new Map(
    records.flatMap((each) => (each.kind === "size" ? [[each.metric, each.bytes]] : [])),
  );
  const sections = [...bytes].filter(([metric]) => metric.startsWith("section:"));
  expect(sections.map(([metric]) => metric)).toContain("section:code");
  const headerBytes = 8;
  expect(sections.reduce((sum, [, size]) => sum + size, headerBytes)).toBe(bytes.get("raw"));
  expect(records.at(-1)).toMatchObject({
    kind: "ledger",
    totalBytes: bytes.get("raw"),
    unaccountedBytes: 0,
  });
  expect(records.at(-2)).toMatchObject({
    kind: "functions",
    axes: { target: "none" },
    functions: [["function 0", 4]],
  });
});
