/** Calls of a core from deep within the caller's own calls: each nests again as deep as it can. */

import { equal, fails, isTrue, matches, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { hasRoom } from "../../runtime/check/engine-stack.ts";
import type { Core } from "../../runtime/core/core.ts";
import { loadCore } from "../../runtime/core/load.ts";
import type { Failure, Result } from "../../runtime/instance/result.ts";
import { ways } from "./ways.ts";

/** The room that is measured is right to a step. */
const stepBytes = 16_384;

/** How much of the engine's stack is left here. */
function roomHere(): number {
  let bytes = stepBytes;
  while (hasRoom(bytes + stepBytes)) bytes += stepBytes;
  return bytes;
}

/** Calls `action` from a depth at which fewer bytes than these are left. */
function withRoom<Answer>(bytes: number, action: () => Answer): Answer {
  return hasRoom(bytes) ? withRoom(bytes, action) : action();
}

/** Calls `action` from the last place where it does not throw, once in each place behind that. */
function atTheEnd<Answer>(action: () => Answer): Answer {
  try {
    return atTheEnd(action);
  } catch {
    return action();
  }
}

/** What the core did as it should: an error of Lua, or a refusal before anything was done. */
function checkEnded(result: Result, what: string): void {
  if (result.ok) throw new Error(`${what}: it ended without an error`);
  const { code } = result;
  if (code !== "OUT_OF_MEMORY" && code !== "OUT_OF_STACK") fails(result, "RUNTIME_FAILED", what);
}

function checkUnharmed(core: Core, what: string): void {
  succeeds(core.compute("return 1 + 1"), [2], `${what}: afterwards`);
}

export const callerDepth = [
  ...[10, 30, 60, 90, 99].map((percent) =>
    defineCase({
      id: `stacks/caller-at-${percent}`,
      title: `With ${percent} % of the stack used by the caller every way ends in an error`,
      limitMs: 60_000,
      run: async ({ subject }) => {
        const core = await loadCore(subject.wasm, { seed: 1 });
        const room = (roomHere() * (100 - percent)) / 100;
        for (const { name, code } of ways) {
          checkEnded(
            withRoom(room, () => core.compute(code)),
            name,
          );
          checkUnharmed(core, name);
        }
      },
    }),
  ),
  defineCase({
    id: "stacks/caller-at-100",
    title: "At the very end of the engine's stack each call is refused, and the core is unharmed",
    run: async ({ subject }) => {
      const core = await loadCore(subject.wasm, { seed: 1 });
      core.compute("n = 0");
      const calls: readonly (() => Result | Failure | { readonly ok: true })[] = [
        () => core.compute("n = n + 1"),
        () => core.call("print"),
        () => core.snapshot(),
        () => core.restore(new Uint8Array(0)),
        () => core.loadImage(new Uint8Array(0)),
      ];
      for (const call of calls) fails(atTheEnd(call), "OUT_OF_STACK", String(call));
      for (const call of [
        () => core.register("f", () => 1),
        () => core.runGc(),
        () => core.memoryStats(),
        () => core.image(),
        () => core.tables.home.set("x", 1),
        () => core.dispose(),
      ]) {
        // The last that it throws before it succeeds is told.
        let last = "nothing";
        atTheEnd(() => {
          try {
            call();
          } catch (error) {
            last = error instanceof Error ? error.name : "something else";
            throw error;
          }
        });
        equal(last, "OutOfStackError", String(call));
      }
      fails(core.compute("return n"), "DISPOSED", "the last call succeeded");
    },
  }),
  defineCase({
    id: "stacks/host-function-overflow",
    title: "A host function that overflows the engine's stack raises an error, at any depth of Lua",
    run: async ({ subject }) => {
      const core = await loadCore(subject.wasm, { seed: 1 });
      const endless = (): number => endless() + 1;
      core.register("endless", () => endless());
      const { error, cause } = fails(core.compute("endless()"), "RUNTIME_FAILED", "at once");
      isTrue(cause instanceof Error, "the cause is the engine's error");
      matches(error, /^eval:1: /, "the message");
      const deep = `local failed = 0
        local function f(s)
          if not pcall(endless) then failed = failed + 1 end
          return (s:gsub(".", f))
        end
        pcall(f, "x")
        return failed > 5`;
      succeeds(core.compute(deep), [true], "at every level");
      core.register("again", () => atTheEnd(() => core.compute("1")).ok);
      succeeds(core.compute("return again()"), [false], "a call of the core at the end");
      checkUnharmed(core, "all");
    },
  }),
];
