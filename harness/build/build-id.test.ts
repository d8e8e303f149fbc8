/** The build id as an engine reads it, and what it is made of. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import loadWabt from "wabt";
import { buildIdBytes, buildIdSection } from "../../runtime/abi/abi.ts";
import { readModule } from "../wasm/module.ts";
import { stripCustomSections } from "../wasm/strip.ts";
import { buildIdOf, withBuildId } from "./build-id.ts";

const wabt = await loadWabt();

function moduleOf(text: string): Uint8Array<ArrayBuffer> {
  const module = wabt.parseWat("test.wat", text);
  const { buffer } = module.toBinary({});
  module.destroy();
  return new Uint8Array(buffer);
}

test("an engine finds the hash of the module without it, and all else is as it was", async () => {
  const plain = moduleOf('(module (memory (export "memory") 1 1))');
  const identified = withBuildId(plain, buildIdOf(plain));
  const compiled = await WebAssembly.compile(identified);
  const [section, second] = WebAssembly.Module.customSections(compiled, buildIdSection);
  expect(second).toBeUndefined();
  expect(section?.byteLength).toBe(buildIdBytes);
  expect(new Uint8Array(section ?? new ArrayBuffer(0))).toEqual(
    new Uint8Array(createHash("sha256").update(plain).digest()),
  );
  expect(stripCustomSections(identified)).toEqual(plain);
  const { sections, sizeBytes } = readModule(identified);
  expect(sections.at(-1)?.name).toBe(`custom:${buildIdSection}`);
  expect(sections.reduce((sum, each) => sum + each.sizeBytes, 8)).toBe(sizeBytes);
});

test("modules that differ have different ids", () => {
  expect(buildIdOf(moduleOf("(module (memory 1))"))).not.toEqual(
    buildIdOf(moduleOf("(module (memory 2))")),
  );
});
