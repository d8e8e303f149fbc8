/** Runs one export of a metered module in tests, and reads what it counted. */
import { Counters } from "./counters.ts";

export type Figures = readonly (number | bigint)[];

/** Calls the export `f` of the metered module; what it throws is told instead. */
export async function run(wasm: Uint8Array, figures: Figures = []) {
  const env = {
    fail: () => {
      throw new RangeError("the host's own");
    },
    limit: new WebAssembly.Global({ value: "i32" }, 3),
  };
  const { instance } = await WebAssembly.instantiate(new Uint8Array(wasm), { env });
  const f = instance.exports["f"];
  if (typeof f !== "function") throw new TypeError("no export f");
  let answer: unknown;
  try {
    answer = f(...figures);
  } catch (error) {
    answer = String(error);
  }
  return { answer, counts: new Counters(instance.exports).read(), instance };
}
