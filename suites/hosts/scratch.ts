/** Scratch, where lies what crosses between Lua and the host: it moves, and is given back. */
import { fails, isTrue, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";

/** A module of 2,000 lines that tells when one of them was read wrongly. */
const longModule = [
  "local t = {}",
  ...Array.from({ length: 2000 }, (_, i) => `t["key_number_${i}"] = ${i}`),
  "return t",
].join("\n");

/** Finalizers that run again and again, and move scratch when one of them stores a long string. */
const movingFinalizer = `
  local function again()
    setmetatable({}, {__gc = function()
      runs = (runs or 0) + 1
      if runs == 3 then
        _home.longer = ('b'):rep(45000)
        for i = 1, 350 do junk[i] = ('%'):rep(1500) .. i end
      end
      again()
    end})
  end
  junk = {}
  again()`;

export const scratch = [
  defineCase({
    id: "hosts/scratch-moves-under-require",
    title: "A finalizer that moves scratch while a module is read leaves the module as it is",
    run: async ({ load }) => {
      const core = await load({ modules: (name) => (name === "m" ? longModule : undefined) });
      const code = `_home.long = ('a'):rep(9000)
        collectgarbage('generational')
        ${movingFinalizer}
        local m = require 'm'
        for i = 0, 1999 do assert(m['key_number_' .. i] == i, i) end
        return 'whole'`;
      succeeds(core.compute(code), ["whole"], "the module");
    },
  }),
  defineCase({
    id: "hosts/scratch-given-back",
    title: "Errors that a script catches, thousands in one run, take no memory with them",
    limitMs: 30_000,
    run: async ({ load }) => {
      const core = await load({ quota: { maxEntries: 0 } });
      core.register("fail", () => {
        throw new Error("no");
      });
      const code = `local long = ('x'):rep(1000)
        for i = 1, 4000 do
          assert(not pcall(fail, long))
          assert(not pcall(function() _home.x = long end))
          assert(not pcall(ext_table.get, 999, long))
          assert(not pcall(function() _home[long] = print end))
        end
        return 'done'`;
      succeeds(core.compute(code), ["done"], "16,000 caught errors");
    },
  }),
  ...["take(list)", "return list", "_home.list = list"].map((use, i) =>
    defineCase({
      id: `hosts/scratch-outgrows-heap-${["argument", "result", "entry"][i]}`,
      title: `What outgrows the memory on its way is an error, and lies over nothing: ${use}`,
      limitMs: 30_000,
      run: async ({ load }) => {
        const core = await load({ heapLimitBytes: 300_000 });
        core.register("take", () => undefined);
        const prepare = `kept = {} for i = 1, 300 do kept[i] = {("k"):rep(40) .. i} end
          function damaged() for i = 1, 300 do
            if kept[i][1] ~= ("k"):rep(40) .. i then return i end end end`;
        succeeds(core.compute(prepare), [], "what lies beside it");
        const failed: boolean[] = [];
        for (let count = 100; count <= 1500; count += 25) {
          const code = `list = nil collectgarbage() list = {}
            for i = 1, ${count} do list[i] = ("x"):rep(80) .. i end ${use}`;
          const result = core.compute(code);
          failed.push(!result.ok);
          if (!result.ok) fails(result, "OUT_OF_MEMORY", `${count} texts`);
          succeeds(core.compute("list = nil return (damaged())"), [undefined], `${count} texts`);
        }
        isTrue(!failed[0] && failed.at(-1) === true, "few have room, many have none");
      },
    }),
  ),
  defineCase({
    id: "hosts/call-with-a-full-heap",
    title: "call needs no more memory than compute: a full heap can be cleaned up by it",
    run: async ({ load }) => {
      const core = await load();
      succeeds(
        core.compute("big = {} function clean() big = nil return 'clean' end"),
        [],
        "set up",
      );
      const fill = "for i = 1, 1e6 do big[i] = ('x'):rep(1000) .. i end";
      fails(core.compute(fill), "OUT_OF_MEMORY", "the fill");
      succeeds(core.call("clean"), ["clean"], "call");
      succeeds(core.compute("#('x'):rep(100000)"), [100_000], "memory is there again");
    },
  }),
  defineCase({
    id: "hosts/collected-handle",
    title: "A handle that a finalizer brings back is refused everywhere; nothing else breaks",
    run: async ({ load }) => {
      const core = await load();
      const code = `setmetatable({h = ext.table()}, {__gc = function(t) saved = t.h end})
        collectgarbage() collectgarbage()
        return type(saved)`;
      succeeds(core.compute(code), ["userdata"], "the handle");
      fails(core.compute("return saved"), "BAD_VALUE", "as a result");
      for (const use of ["saved.x", "#saved", "ext.id(saved)"]) {
        fails(core.compute(`return ${use}`), "RUNTIME_FAILED", use);
      }
      fails(core.compute("_home.x = saved"), "RUNTIME_FAILED", "stored");
      succeeds(core.compute("1 + 1"), [2], "afterwards");
    },
  }),
];
