/** Tests of the clock's resolution, and of modules that share no code. */
import { expect, test } from "vitest";
import { resolutionOf } from "./clock.ts";
import { freshModule } from "./fresh-module.ts";

test("the resolution is the smallest step that is seen", () => {
  let looks = 0;
  const coarse = (): number => Math.floor(looks++ / 100) * 5;
  expect(resolutionOf(coarse)).toBe(5);
  // Nothing moves during thousands of looks: it waits for a step.
  looks = 0;
  const coarser = (): number => Math.floor(looks++ / 10_000) * 16;
  expect(resolutionOf(coarser)).toBe(16);
  expect(resolutionOf(() => performance.now())).toBeLessThan(1);
});

test("a fresh module is valid, has other bytes, and the same code", async () => {
  const empty = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  const fresh = freshModule(empty, 0xdeadbeef);
  expect(fresh.subarray(0, empty.length)).toEqual(empty);
  expect(fresh).not.toEqual(freshModule(empty, 1));
  const module = await WebAssembly.compile(fresh);
  const [section] = WebAssembly.Module.customSections(module, "round");
  expect(new Uint8Array(section ?? new ArrayBuffer(0))).toEqual(
    new Uint8Array([0xef, 0xbe, 0xad, 0xde]),
  );
});
