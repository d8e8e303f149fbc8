/** Tests of the command line of `npm run bench`. */
import { describe, expect, test } from "vitest";
import { workloads } from "../../benchmarks/index.ts";
import { UsageError } from "../command/usage.ts";
import { type BenchOptions, parseBenchOptions } from "./options.ts";

function parse(...args: readonly string[]): BenchOptions {
  const request = parseBenchOptions(args, workloads);
  if (request.kind !== "run") throw new Error(request.text);
  return request.options;
}

describe("the command line", () => {
  test("without arguments means the two variants that people ship, and all there is", () => {
    const { variants, workloads: chosen, quick, peers } = parse();
    const ids = ["freestanding-fast-exnref-opt", "freestanding-small-js-opt"];
    expect(variants.map(({ id }) => id)).toEqual(ids);
    expect(chosen).toEqual(workloads);
    expect(peers).toEqual(["wasmoon", "fengari", "native"]);
    expect(quick).toBe(false);
  });

  test("takes ids in their order, a filter, workloads, processes and rounds", () => {
    const ids = ["wasi-fast-js-opt", "freestanding-fast-js-opt"];
    expect(parse(...ids).variants.map(({ id }) => id)).toEqual(ids);
    const some = parse("--filter", "target=wasi,optimize=fast,post=opt", "--workload", "noop,fib");
    expect(some.variants).toHaveLength(3);
    expect(some.workloads.map(({ name }) => name)).toEqual(["fib", "noop"]);
    const fixed = parse("--rounds", "2", "--processes", "5", "--precision", "0.5");
    expect(fixed).toMatchObject({ rounds: 2, processes: 5, precisionPercent: 0.5 });
  });

  test("--quick ends within 3 minutes, whatever the number of workloads", () => {
    const { budgetMs, processes, peers } = parse("--quick");
    expect(budgetMs).toBeLessThanOrEqual(150_000);
    expect(processes).toBeGreaterThanOrEqual(4);
    expect(peers).not.toContain("fengari");
    expect(parse("--quick", "--workload", "fib").budgetMs).toBeLessThan(10_000);
    expect(parse("--quick", "--budget", "30").budgetMs).toBe(30_000);
  });

  test("--against brings the base, so that one variant is enough", () => {
    const { variants, against } = parse("--against", "wasi-fast-js-opt");
    expect(variants.map(({ id }) => id)).toEqual(["freestanding-fast-exnref-opt"]);
    expect(against).toBe("wasi-fast-js-opt");
  });

  test("a campaign has five workloads, less than a minute, and no peers", () => {
    const { campaign, workloads: chosen, budgetMs, peers, variants } = parse("--campaign", "aa");
    expect(campaign).toEqual({ kind: "aa", runs: 40 });
    expect(chosen).toHaveLength(5);
    expect(budgetMs).toBeLessThan(60_000);
    expect(peers).toEqual([]);
    expect(variants).toHaveLength(1);
    const compare = parse("--campaign", "compare", "--runs", "10", "--against", "a.wasm");
    expect(compare).toMatchObject({ campaign: { kind: "compare", runs: 10 }, against: "a.wasm" });
  });

  test("--peers names them, or none", () => {
    expect(parse("--quick", "--peers", "fengari,wasmoon").peers).toEqual(["wasmoon", "fengari"]);
    expect(parse("--peers", "none").peers).toEqual([]);
  });

  test.each([
    [["wasi-fastest"], /unknown variant "wasi-fastest"/],
    [["--workload", "fibb"], /unknown workload "fibb"/],
    [["--peers", "luajit"], /unknown peer "luajit"/],
    [["--rounds", "0"], /whole number from 1/],
    [["--precision", "0"], /number above 0/],
    [["--campaign", "ab"], /unknown campaign "ab"/],
    [["--campaign", "aa", "--against", "a.wasm"], /--campaign compare/],
    [["--filter", "speed=11"], /unknown axis "speed"/],
    [["--filter", "target=wasi"], /\d+ variants fit; take at most 12/],
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
