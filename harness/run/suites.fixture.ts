/** Real cases that pass, fail, hang and die, each on purpose: what the run's own tests run. */
import type { Case } from "../suite/case.ts";

const shared = { tier: "standard", limitMs: 20_000 } as const;

const cases: readonly Case[] = [
  {
    ...shared,
    id: "fixture/passes",
    title: "passes",
    run: ({ seed }) => {
      if (!Number.isInteger(seed)) throw new Error("no seed");
    },
  },
  {
    ...shared,
    id: "fixture/fails",
    title: "throws",
    run: () => {
      throw new Error("on purpose");
    },
  },
  {
    ...shared,
    id: "fixture/hangs",
    title: "never ends",
    limitMs: 300,
    run: () => {
      for (;;);
    },
  },
  {
    ...shared,
    id: "fixture/rejects",
    title: "leaves a rejected promise behind",
    run: () => {
      Promise.reject(new Error("left behind"));
    },
  },
  {
    ...shared,
    id: "fixture/throws-later",
    title: "throws out of a timer while it waits",
    run: async () => {
      setTimeout(() => {
        throw new Error("thrown later");
      }, 0);
      await new Promise((resolve) => setTimeout(resolve, 10_000));
    },
  },
  {
    ...shared,
    id: "fixture/traps",
    title: "runs into unreachable",
    run: ({ subject }) => {
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(subject.wasm));
      const trap = exports["trap"];
      if (typeof trap === "function") trap();
    },
  },
  {
    ...shared,
    id: "fixture/skips",
    title: "is for no wasm at all",
    appliesTo: () => "for no wasm",
    run: () => undefined,
  },
  {
    ...shared,
    id: "fixture/needs-a-fridge",
    title: "needs what no engine has",
    // A need of a later version, as an older engine would meet it.
    needs: ["fridge" as "fs"],
    run: () => undefined,
  },
  {
    ...shared,
    id: "fixture/measures",
    title: "reads a file of the Lua sources and gives a figure",
    run: async ({ luaFile }) => ({ wasmBytes: (await luaFile("trap.wasm")).length }),
  },
  { ...shared, id: "fixture/passes-too", title: "passes after all that", run: () => undefined },
  {
    ...shared,
    id: "fixture/rare",
    title: "is exhaustive",
    tier: "exhaustive",
    run: () => undefined,
  },
];

export const suites = [
  { name: "fixture", cases, spread: "every-variant", entry: import.meta.url },
] as const;
