/** Laws of the folder of failures: each failure is in it at once, with its wasm, and no pass is. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Artifact } from "../artifact/artifact.ts";
import { type OutcomeRecord, outcomeRecordSchema } from "../record/record.ts";
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
  const artifact = { wasmPath } as Artifact;
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
      ofTheSources: "npm run matrix -- repro wasi-fast/node/hosts/codes",
      ofThisWasm: expect.stringContaining(`--wasm ${join(kept, "core.wasm")}`),
    },
  });
});

test("the failures of the run before stay; a file's path is no path here", async () => {
  const directory = join(root, "failures");
  (await folderWithArtifact(directory)).take(outcome({ state: "fail" }));
  const next = new FailureFolder(directory);
  expect(existsSync(directory)).toBe(false);
  expect(readdirSync(`${directory}.previous`)).toEqual(["wasi-fast"]);
  const repro = "npm run matrix -- repro x/node/hosts/codes --wasm ../x/../../a.wasm";
  next.take(outcome({ state: "timeout", variant: "../x/../../a.wasm", repro }));
  expect(readdirSync(directory)).toEqual(["x-..-..-a.wasm"]);
  const [file = ""] = readdirSync(join(directory, "x-..-..-a.wasm"));
  const { repro: kept } = JSON.parse(readFileSync(join(directory, "x-..-..-a.wasm", file), "utf8"));
  expect(kept.ofThisWasm).toBe(repro);
});
