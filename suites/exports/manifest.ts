/** The manifest in the wasm agrees with how it was built. */

import { equal, matches } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { abiVersion } from "../../runtime/abi/manifest.ts";

export const manifest = [
  defineCase({
    id: "exports/manifest",
    title: "The manifest states this ABI, Lua 5.4.8, Zig 0.17.0 and the variant's axes",
    tier: "smoke",
    run: async ({ subject, load }) => {
      const { abi, lua, zig, target, optimize, unwind } = (await load()).manifest;
      equal({ abi, lua }, { abi: abiVersion, lua: "5.4.8" }, "versions");
      matches(zig, /^0\.17\.0/, "Zig's version");
      if (subject.axes === undefined) return;
      const axes = subject.axes;
      equal(
        { target, optimize, unwind },
        { target: axes.target, optimize: axes.optimize, unwind: axes.unwind },
        "axes",
      );
    },
  }),
];
