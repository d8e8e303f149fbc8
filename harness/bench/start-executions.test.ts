/** Tests of how cores are started cold: the engine must not have seen the bytes. */
import { expect, test } from "vitest";
import { coldLoader } from "./start-executions.ts";

/** A module without anything. */
const emptyWasm = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

test("each load has a wasm of its own, which differs in a custom section alone", async () => {
  const seen: Uint8Array<ArrayBuffer>[] = [];
  const stop = new Error("seen");
  const keep = async (source: Uint8Array<ArrayBuffer>): Promise<never> => {
    seen.push(source.slice());
    throw stop;
  };
  const [first, second] = [coldLoader(emptyWasm, keep), coldLoader(emptyWasm, keep)];
  for (const load of [first, second, first, second]) await expect(load()).rejects.toBe(stop);
  expect(new Set(seen.map(String)).size).toBe(4);
  for (const bytes of seen) {
    expect(bytes.subarray(0, emptyWasm.length)).toEqual(emptyWasm);
    const module = await WebAssembly.compile(bytes);
    expect(WebAssembly.Module.customSections(module, "round")).toHaveLength(1);
  }
});
