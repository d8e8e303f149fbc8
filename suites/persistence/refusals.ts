/** What can't be saved or restored: each with a code, the place, and the state as it was. */

import { equal, fails, isTrue, matches, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import type { Core } from "../../runtime/core/core.ts";
import { restores, saved } from "./saved-program.ts";

interface Refusal {
  readonly name: string;
  readonly title: string;
  readonly code: string;
  readonly paths: readonly string[];
  readonly reason: RegExp;
}

const refusals: readonly Refusal[] = [
  {
    name: "light-userdata",
    title: "Light userdata, wherever it lies",
    code: "local function f() return x end app = {[1] = {id = debug.upvalueid(f, 1)}}",
    paths: ["_G.app[1].id"],
    reason: /light userdata/,
  },
  {
    name: "persist-false",
    title: "An object whose __persist is false",
    code: "app = {list = {1, 2, setmetatable({}, {__persist = false})}}",
    paths: ["_G.app.list[3]"],
    reason: /__persist is false/,
  },
  {
    name: "refused-in-upvalue",
    title: "What a closure's variable and a coroutine's local hold",
    code: `local secret = setmetatable({}, {__persist = false})
      function f() return secret end
      co = coroutine.create(function() local own = setmetatable({}, {__persist = false})
        coroutine.yield() return own end) coroutine.resume(co)`,
    paths: ['_G.f upvalue "secret"', '(coroutine _G.co) local "own"'],
    reason: /__persist is false/,
  },
];

export const refusalCases = [
  ...refusals.map(({ name, title, code, paths, reason }) =>
    defineCase({
      id: `persistence/refuses-${name}`,
      title: `${title}: not saved, and its path is told; without it the state is saved`,
      run: async ({ load }) => {
        const core = await load({ seed: 1 });
        succeeded(core.compute(code), "the code");
        const failure = fails(core.snapshot(), "NOT_PERSISTABLE", "the snapshot");
        const { refused = [] } = failure;
        equal(refused.map(({ path }) => path).toSorted(), paths.toSorted(), "the paths");
        for (const { reason: given } of refused) matches(given, reason, "the reason");
        isTrue(
          paths.every((path) => String(failure.error).includes(path)),
          "the text names each",
        );
        succeeds(core.compute("app, f, co = nil return 1"), [1], "the state goes on");
        saved(core);
      },
    }),
  ),
  defineCase({
    id: "persistence/refuses-changed-metatable",
    title: "A foreign metatable on userdata of ours is refused or comes back, never lost",
    run: async ({ load }) => {
      const core = await load({ seed: 1, bytecode: "trusted" });
      const code = `t = ext.table("t") u = debug.setmetatable(io.stdout, {name = "another"})`;
      succeeded(core.compute(code), "the code");
      const result = core.snapshot();
      if (!result.ok) return void fails(result, "NOT_PERSISTABLE", "the snapshot");
      const other = await load({ seed: 2 });
      other.tables.named("t");
      restores(other, result.bytes);
      succeeds(other.compute("return debug.getmetatable(io.stdout).name"), ["another"], "restored");
    },
  }),
  defineCase({
    id: "persistence/busy",
    title: "No snapshot and no restore from within a host function: BUSY, and the call goes on",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      const snapshot = saved(core);
      const codes: unknown[] = [];
      core.register("save", () => {
        for (const result of [core.snapshot(), core.restore(snapshot)]) {
          codes.push(result.ok ? "ok" : result.code);
        }
        return "done";
      });
      succeeds(core.compute("return save()"), ["done"], "the call");
      equal(codes, ["BUSY", "BUSY"], "the codes");
      saved(core);
    },
  }),
  defineCase({
    id: "persistence/missing-host-function",
    title: "A host function that the core lacks is named, and nothing is changed",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      core.register("app.save", () => 1);
      succeeded(core.compute("f = app.save"), "the code");
      const snapshot = saved(core);
      const other = await untouched(await load({ seed: 2 }));
      const failure = fails(
        other.core.restore(snapshot, { bytecode: "trusted" }),
        "NOT_FOUND",
        "without it",
      );
      matches(failure.error, /"app\.save"/, "the message");
      other.check();
      other.core.register("app.save", () => 2);
      restores(other.core, snapshot);
      succeeds(other.core.compute("return f()"), [2], "with it");
    },
  }),
  defineCase({
    id: "persistence/missing-table",
    title: "An external table that the core lacks is named, and nothing is changed",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      succeeded(core.compute("t = ext.table()"), "the code");
      const snapshot = saved(core);
      const { core: other, check } = await untouched(await load({ seed: 2 }));
      const failure = fails(other.restore(snapshot), "UNKNOWN_TABLE", "without it");
      matches(failure.error, /load the tables first/, "the message");
      check();
    },
  }),
  defineCase({
    id: "persistence/bytecode-needs-trust",
    title: "Lua functions are bytecode: refused unless trusted; data alone needs no trust",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      succeeded(core.compute("data = {1, 2}"), "the data");
      const data = saved(core);
      succeeded(core.compute("function f() return 1 end"), "the function");
      const code = saved(core);
      const { core: other, check } = await untouched(await load({ seed: 2 }));
      fails(other.restore(code), "BAD_SNAPSHOT", "a function, not trusted");
      check();
      isTrue(other.restore(data).ok, "data, not trusted");
      succeeds(other.compute("return #data, f"), [2, undefined], "the data");
    },
  }),
];

/** A core with a state of its own, and the check that it still has it. */
export async function untouched(
  core: Core,
): Promise<{ readonly core: Core; readonly check: (what?: string) => void }> {
  succeeded(core.compute("mine, calls = {1, 2, 3}, 0"), "the state of its own");
  let calls = 0;
  const check = (what = "the old state"): void => {
    calls += 1;
    succeeds(core.compute("calls = calls + 1 return #mine, calls"), [3, calls], what);
  };
  return { core, check };
}
