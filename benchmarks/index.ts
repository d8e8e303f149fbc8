/** The workloads, each with its sizes and results: the program lies in the folder of its name. */
import type { Workload } from "../harness/bench/workload.ts";

export const workloads: readonly Workload[] = [
  define({
    name: "fib",
    category: "interpreter",
    why: "calls of Lua functions, the commonest cost of real programs",
    smoke: { size: 10, expected: 55 },
    full: { size: 30, expected: 832_040 },
  }),
  define({
    name: "loop",
    category: "interpreter",
    why: "the dispatch of the cheapest instructions, and nothing else",
    smoke: { size: 100, expected: 346 },
    full: { size: 20_000_000, expected: 70_000_000 },
  }),
  define({
    name: "sort",
    category: "library",
    why: "a library function in C that works on a table and compares",
    smoke: { size: 100, expected: 3_053_743_457 },
    full: { size: 20_000, expected: 3_220_776_491 },
  }),
  define({
    name: "pcall-success",
    category: "unwinding",
    why: "what the way of unwinding costs where nothing is thrown",
    smoke: { size: 100, expected: 5_050 },
    full: { size: 2_000_000, expected: 2_000_001_000_000 },
  }),
  define({
    name: "error-caught",
    category: "unwinding",
    why: "what it costs to throw and to catch",
    smoke: { size: 100, expected: 5_050 },
    full: { size: 300_000, expected: 45_000_150_000 },
  }),
  define({
    name: "coroutine-switch",
    category: "unwinding",
    why: "coroutines yield by unwinding too",
    smoke: { size: 100, expected: 5_050 },
    full: { size: 1_500_000, expected: 1_125_000_750_000 },
  }),
  define({
    name: "external-table",
    category: "host",
    why: "10,000 sets and 10,000 gets over the boundary: a budget of 15 ms is on it",
    needs: "external-table",
    smoke: { size: 100, expected: 5_050 },
    full: { size: 10_000, expected: 50_005_000 },
  }),
  define({
    name: "instantiate",
    category: "host",
    why: "how fast a fresh Lua state is there, and a poisoned one replaced",
    action: "start-core",
    smoke: { size: 1, expected: "Lua 5.4!" },
    full: { size: 1, expected: "Lua 5.4!" },
    repeats: 10,
  }),
  define({
    name: "noop",
    category: "floor",
    why: "the floor: no figure below or near it says anything",
    smoke: { size: 1, expected: 1 },
    full: { size: 1, expected: 1 },
    repeats: 500,
  }),
];

function define(
  workload: Omit<Workload, "program" | "action"> & Partial<Pick<Workload, "action">>,
): Workload {
  const program = new URL(`./${workload.name}/workload.lua`, import.meta.url);
  return { action: "run-program", ...workload, program };
}
