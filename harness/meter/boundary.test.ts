/** What counts as traffic: each import of the ABI, by its arguments and its answer. */
import { describe, expect, test } from "vitest";
import { importsOf } from "../../runtime/abi/abi.ts";
import { countedImports, noTraffic } from "./boundary.ts";
import { MeterError } from "./counters.ts";

function trafficOf(name: string, figures: readonly number[], answer: number) {
  const traffic = noTraffic();
  const counted = countedImports({ env: { [name]: () => answer } }, traffic)["env"]?.[name];
  if (typeof counted !== "function") throw new TypeError(`${name} is no function`);
  expect(counted(...figures)).toBe(answer);
  return [traffic.hostCalls, traffic.bytesToHost, traffic.bytesFromHost];
}

describe("countedImports", () => {
  const abi = importsOf({ target: "freestanding", unwind: "js" });

  test.each(abi)("knows what $name moves", ({ name }) => {
    expect(trafficOf(name, [0, 0, 0, 0, 0], 0)).toEqual([1, 0, 0]);
  });

  test("refuses an import that it does not know", () => {
    expect(() => countedImports({ env: { js_new: () => 0 } }, noTraffic())).toThrow(MeterError);
  });

  test.each([
    ["js_ext_table_open", [64, 5], 3, [1, 5, 0]],
    ["js_ext_table_set", [1, 64, 5, 128, 20], 0, [1, 25, 0]],
    ["js_ext_table_get", [1, 64, 5, 128, 20], 20, [1, 5, 20]],
    // It needs more room than there is: nothing was written.
    ["js_ext_table_get", [1, 64, 5, 128, 20], 21, [1, 5, 0]],
    ["js_ext_table_get", [1, 64, 5, 128, 20], -13, [1, 5, 0]],
    ["js_ext_table_delete", [1, 64, 5], 0, [1, 5, 0]],
    ["js_ext_table_keys", [1, 64, 100], 40, [1, 0, 40]],
    ["js_iter_next", [1, 64, 100], 101, [1, 0, 0]],
    ["js_iter_next", [1, 64, 100], 100, [1, 0, 100]],
    ["js_call", [0, 64, 7, 128, 100], 9, [1, 7, 9]],
    ["js_call", [0, 64, 7, 128, 100], -8, [1, 7, 0]],
    // Of a source of 1,000 bytes the 100 from 200 on, then the last 50.
    ["js_module", [64, 4, 128, 100, 200], 1_000, [1, 4, 100]],
    ["js_module", [64, 4, 128, 100, 950], 1_000, [1, 4, 50]],
    ["js_module", [64, 4, 128, 100, 0], -14, [1, 4, 0]],
    ["js_input", [64, 100], 30, [1, 0, 30]],
    ["js_output", [64, 30], 30, [1, 30, 0]],
    ["js_stream_read", [64, 100], 30, [1, 0, 30]],
    ["js_stream_write", [64, 30], 30, [1, 30, 0]],
    // An unsigned length of 2^31, as wasm passes it.
    ["js_output", [0, -(2 ** 31)], -2, [1, 2 ** 31, 0]],
  ] as const)("%s%j answers %d", (name, figures, answer, traffic) => {
    expect(trafficOf(name, figures, answer)).toEqual(traffic);
  });

  test("counts a call that throws, and lets it through", () => {
    const traffic = noTraffic();
    const thrown = new Error("unwinding");
    const js_throw = (): never => {
      throw thrown;
    };
    const counted = countedImports({ env: { js_throw } }, traffic)["env"]?.["js_throw"];
    if (typeof counted !== "function") throw new TypeError("no function");
    expect(() => counted()).toThrow(thrown);
    expect(traffic.hostCalls).toBe(1);
  });
});
