/** Laws of the folder of failures: each failure is in it at once, with its wasm, and no pass is. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Artifact } from "../../harness/build/artifact.ts";
import { type OutcomeRecord, outcomeRecordSchema } from "../../harness/record/record.ts";
import { FailureFolder } from "./failure-folder.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "failures-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function outcome(fields: Partial<OutcomeRecord>): OutcomeRecord {
  return outcomeRecordSchema.parse({
    ...{ kind: "outcome", variant: "wasi-fast", axes: {}, engine: "node", engineVersion: "26" },
    ...{ suite: "hosts", case: "hosts/codes", title: "t", state: "pass", reused: false },
    repro: "npm run matrix -- repro wasi-fast/node/hosts/codes",
    ...fields,
  });
}

async function folderWithArtifact(directory: string): Promise<FailureFolder> {
  const wasmPath = join(root, "built.wasm");
  writeFileSync(wasmPath, "the wasm");
  const folder = new FailureFolder(directory);
  const artifact: Artifact = {
    ...{ id: "wasi-fast", wasmPath, sha256: "", steps: [] },
    sizes: { raw: 8, gzip: 8, brotli: 8 },
    manifest: {
      ...{ abi: 1, lua: "5.4.8", zig: "0.17.0" },
      ...{ target: "wasi", optimize: "ReleaseFast", unwind: "js" },
    },
  };
  const source = folder.watched(async () => ({ ok: true, artifact, cached: true }));
  const signal = new AbortController().signal;
  await source({ id: "wasi-fast", axes: {} }, { onStep: () => undefined, signal });
  return folder;
}

test("a failure's record and wasm are there at once; a pass leaves nothing", async () => {
  const directory = join(root, "failures");
  const folder = await folderWithArtifact(directory);
  folder.take(outcome({ state: "pass" }));
  expect(existsSync(directory)).toBe(false);
  folder.take(outcome({ state: "crash", message: "trap" }));
  const kept = join(directory, "wasi-fast");
  expect(readdirSync(kept).toSorted()).toEqual(["core.wasm", "node-hosts-codes.json"]);
  expect(readFileSync(join(kept, "core.wasm"), "utf8")).toBe("the wasm");
  expect(JSON.parse(readFileSync(join(kept, "node-hosts-codes.json"), "utf8"))).toMatchObject({
    outcome: { state: "crash", message: "trap" },
    repro: {
      asItRan: "npm run matrix -- repro wasi-fast/node/hosts/codes",
      ofThisWasm: expect.stringContaining(`--wasm ${join(kept, "core.wasm")}`),
    },
  });
});

test("the failures of the run before stay, and all of them for a wasm among them", async () => {
  const directory = join(root, "failures");
  (await folderWithArtifact(directory)).take(outcome({ state: "fail" }));
  const kept = join(directory, "wasi-fast", "core.wasm");
  new FailureFolder(directory, kept);
  expect(existsSync(kept)).toBe(true);
  const next = new FailureFolder(directory, join(root, "built.wasm"));
  expect(existsSync(directory)).toBe(false);
  expect(readdirSync(`${directory}.previous`)).toEqual(["wasi-fast"]);
  new FailureFolder(directory, join(`${directory}.previous`, "wasi-fast", "core.wasm"));
  const repro = "npm run matrix -- repro ..a/node/hosts/codes --wasm ../..a";
  next.take(outcome({ state: "timeout", variant: "..a", repro }));
  next.take(
    outcome({ state: "fail", variant: "wasi-safe", repro: "npm run matrix -- --stage cost" }),
  );
  expect(readdirSync(directory).toSorted()).toEqual(["a", "wasi-safe"]);
  for (const variant of ["a", "wasi-safe"]) {
    const text = readFileSync(join(directory, variant, "node-hosts-codes.json"), "utf8");
    expect(text).not.toContain("ofThisWasm");
  }
});
