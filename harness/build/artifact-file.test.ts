/** What is read of a wasm file that somebody brings, and how one is refused that is no core. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import loadWabt from "wabt";
import { ArtifactError, fromFile, measureSizes } from "./artifact-file.ts";

const wabt = await loadWabt();
const manifest = {
  abi: 1,
  lua: "5.4.8",
  zig: "0.17.0",
  target: "freestanding",
  optimize: "Debug",
  unwind: "js",
};

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "artifact-file-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** The least module that carries a manifest. */
function carrier(json: string, extra = ""): string {
  return `(module ${extra}
    (memory (export "memory") 1 1)
    (data (i32.const 16) "${json.replaceAll('"', '\\"')}")
    (func (export "get_manifest_ptr") (result i32) (i32.const 16))
    (func (export "get_manifest_len") (result i32) (i32.const ${json.length})))`;
}

async function file(content: string | Uint8Array): Promise<string> {
  const path = join(folder, "some.wasm");
  if (typeof content !== "string") {
    await writeFile(path, content);
    return path;
  }
  const module = wabt.parseWat("test.wat", content);
  await writeFile(path, module.toBinary({}).buffer);
  module.destroy();
  return path;
}

describe("fromFile", () => {
  test("reads the manifest, the sizes and the hash", async () => {
    const wasmPath = await file(carrier(JSON.stringify(manifest), `(import "env" "f" (func))`));
    const artifact = await fromFile(wasmPath);
    expect(artifact).toMatchObject({ id: "some.wasm", wasmPath, manifest, steps: [] });
    expect(artifact.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(artifact.sizes.raw).toBeGreaterThan(100);
    expect(artifact).not.toHaveProperty("namedPath");
  });

  test("calls _initialize first, as a wasi reactor asks", async () => {
    const json = JSON.stringify(manifest);
    const reactor = carrier(
      json,
      `(global $length (mut i32) (i32.const 0))
       (func (export "_initialize") (global.set $length (i32.const ${json.length})))`,
    ).replace(/\(i32\.const \d+\)\)\)$/, "(global.get $length)))");
    expect(await fromFile(await file(reactor))).toMatchObject({ manifest });
  });

  test.each([
    [
      "an empty module",
      "(module)",
      /no core of this project: it exports no function get_manifest_ptr/,
    ],
    ["a manifest that is not JSON", carrier("{"), /the manifest is not JSON/],
    ["another ABI", carrier(JSON.stringify({ ...manifest, abi: 2 })), /speaks ABI 2, .* speaks 1/],
    [
      "an imported memory",
      `(module (import "env" "memory" (memory 1)))`,
      /it imports a memory, env\.memory/,
    ],
    [
      "a start function that calls out",
      carrier(JSON.stringify(manifest), `(import "env" "f" (func $f)) (start $f)`),
      /it calls env\.f before init/,
    ],
    [
      "a function body that is not valid",
      Uint8Array.of(
        0,
        97,
        115,
        109,
        1,
        0,
        0,
        0,
        1,
        4,
        1,
        96,
        0,
        0,
        3,
        2,
        1,
        0,
        10,
        5,
        1,
        3,
        0,
        26,
        11,
      ),
      /no valid wasm/,
    ],
    ["bytes that are no wasm", new TextEncoder().encode("<html>"), /no valid wasm: not a wasm/],
    ["no bytes", new Uint8Array(), /no valid wasm: unexpected end/],
  ])("refuses %s", async (_, content, message) => {
    const path = await file(content);
    await expect(fromFile(path)).rejects.toThrow(ArtifactError);
    await expect(fromFile(path)).rejects.toThrow(message);
    await expect(fromFile(path)).rejects.toThrow(path);
  });

  test("refuses a missing file and a folder", async () => {
    await expect(fromFile(join(folder, "none.wasm"))).rejects.toThrow(
      /none\.wasm can't be read \(ENOENT\)/,
    );
    await expect(fromFile(folder)).rejects.toThrow(ArtifactError);
  });
});

test("measureSizes compresses as hard as it can", async () => {
  const bytes = new TextEncoder().encode("lua ".repeat(5000));
  const { raw, gzip, brotli } = await measureSizes(bytes);
  expect(raw).toBe(20_000);
  expect(gzip).toBeLessThan(raw / 100);
  expect(brotli).toBeLessThan(gzip);
});
