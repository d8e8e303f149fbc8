/** Tests of the command line of `npm run bench`. */
import { describe, expect, test } from "vitest";
import { workloads } from "../../benchmarks/index.ts";
import { type BenchOptions, parseBenchOptions } from "./bench-options.ts";
import { UsageError } from "./usage.ts";

function parse(...args: readonly string[]): BenchOptions {
  const request = parseBenchOptions(args, workloads);
  if (request.kind !== "run") throw new Error(request.text);
  return request.options;
}

describe("the command line", () => {
  test("without arguments means the two variants that people ship, and all workloads", () => {
    const { variants, workloads: chosen, quick } = parse();
    const ids = ["freestanding-fast-exnref-opt", "freestanding-small-js-opt"];
    expect(variants.map(({ id }) => id)).toEqual(ids);
    expect(chosen).toEqual(workloads);
    expect(quick).toBe(false);
  });

  test("takes ids in their order, a filter, workloads and rounds", () => {
    const ids = ["wasi-fast-js-opt", "freestanding-fast-js-opt"];
    expect(parse(...ids).variants.map(({ id }) => id)).toEqual(ids);
    const some = parse("--filter", "target=wasi,optimize=fast,post=opt", "--workload", "noop,fib");
    expect(some.variants).toHaveLength(3);
    expect(some.workloads.map(({ name }) => name)).toEqual(["fib", "noop"]);
    expect(parse("--quick", "--rounds", "2").rounds).toBe(2);
  });

  test.each([
    [["wasi-fastest"], /unknown variant "wasi-fastest"/],
    [["--workload", "fibb"], /unknown workload "fibb"/],
    [["--rounds", "0"], /whole number from 1/],
    [["--filter", "speed=11"], /unknown axis "speed"/],
    [["--filter", "target=wasi"], /24 variants fit; take at most 12/],
    [["wasi-fast-js-opt", "--filter", "post=none"], /no variant fits/],
    [["--nonsense"], /unknown option/],
  ] as const)("refuses %j", (args, message) => {
    expect(() => parse(...args)).toThrow(UsageError);
    expect(() => parse(...args)).toThrow(message);
  });

  test("--help tells the exit codes", () => {
    const request = parseBenchOptions(["--help"], workloads);
    expect(request.kind === "text" && request.text).toMatch(/Exit: 0 measured/);
  });
});
