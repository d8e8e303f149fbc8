/** What scripts make the host hold beside entries: limited, and given back while a script runs. */
import { equal, fails, isTrue, matches, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";

export const hostMemory = [
  defineCase({
    id: "hosts/quota-tables",
    title: "Tables beyond maxTables are a Lua error that names the option; known ones still open",
    run: async ({ load }) => {
      const core = await load({ quota: { maxTables: 3 } });
      succeeds(core.compute("a = ext.table('a') b = ext.table()"), [], "two beside _home");
      for (const code of ["ext.table('c')", "ext.table()"]) {
        const { error } = fails(core.compute(code), "RUNTIME_FAILED", code);
        matches(error, /quota exceeded: .*quota\.maxTables: 3/, `the message of ${code}`);
      }
      succeeds(core.compute("return ext.table('a') == a"), [true], "a known name");
      succeeds(core.compute("b = nil c = ext.table('c')"), [], "in the place of a dropped one");
      equal(succeeded(core.compute("return pcall(ext.table)"), "caught").values[0], false, "pcall");
      equal(core.tables.create().size, 0, "JavaScript makes one more");
    },
  }),
  defineCase({
    id: "hosts/quota-names",
    title: "Names beyond maxNameBytes are a Lua error; tables without a name go on",
    run: async ({ load }) => {
      const core = await load({ quota: { maxNameBytes: 1_000 } });
      succeeds(core.compute("a = ext.table(('a'):rep(900))"), [], "a long name");
      const { error } = fails(core.compute("ext.table(('b'):rep(200))"), "RUNTIME_FAILED", "more");
      matches(error, /quota exceeded: .*quota\.maxNameBytes: 1000/, "the message");
      succeeds(
        core.compute("a = ext.table() ext.table('c')"),
        [],
        "without a name, and a short one",
      );
    },
  }),
  defineCase({
    id: "hosts/quota-iterators",
    title: "Loops beyond maxIterators are a Lua error; what was dropped counts no more",
    run: async ({ load }) => {
      const core = await load({ quota: { maxIterators: 3 } });
      const code = "_home.x = 1 loops = {} for i = 1, 3 do loops[i] = pairs(_home) end";
      succeeds(core.compute(code), [], "three loops");
      const { error } = fails(core.compute("pairs(_home)"), "RUNTIME_FAILED", "a fourth");
      matches(error, /quota exceeded: .*quota\.maxIterators: 3/, "the message");
      succeeds(core.compute("return loops[1]()"), ["x", 1], "an open loop goes on");
      succeeds(core.compute("loops = nil for i = 1, 100 do pairs(_home) end"), [], "dropped ones");
    },
  }),
  defineCase({
    id: "hosts/quota-output",
    title: "print and io.write beyond maxOutputBytes raise an error that pcall catches",
    run: async ({ load }) => {
      const core = await load({ quota: { maxOutputBytes: 100_000 } });
      for (const name of ["print", "io.write"]) {
        const code = `local n, ok, message = 0, true
          while ok do ok, message = pcall(${name}, ("x"):rep(999)) n = n + 1 end
          return n, message`;
        const { values, output } = succeeded(core.compute(code), name);
        matches(
          values[1],
          /quota exceeded: too much output .*quota\.maxOutputBytes/,
          "the message",
        );
        isTrue(output.length > 60_000 && output.length < 140_000, `${output.length} bytes kept`);
        const rest = "for i = 1, 1000 do print(('y'):rep(999)) end";
        matches(fails(core.compute(rest), "RUNTIME_FAILED", "uncaught").error, /too much/, name);
      }
      equal(
        succeeds(core.compute("print('next')"), [], "the next call").output,
        "next\n",
        "output",
      );
      let bytes = 0;
      const streaming = await load({
        quota: { maxOutputBytes: 0 },
        onOutput: (piece) => {
          bytes += piece.length;
        },
      });
      succeeds(streaming.compute("print(('x'):rep(299999))"), [], "to onOutput");
      equal(bytes, 300_000, "bytes that onOutput took");
    },
  }),
  defineCase({
    id: "hosts/dropped-tables-many",
    title: "70,000 tables, each dropped at once, in one call: neither Lua nor the host keeps them",
    run: async ({ load }) => {
      const core = await load();
      let held = 0;
      core.register("count", () => {
        held = [...core.tables].length;
      });
      succeeds(core.compute("for i = 1, 70000 do ext.table() end count()"), [], "in one call");
      isTrue(held < 10_000, `${held} tables are held at the end of the call`);
    },
  }),
  defineCase({
    id: "hosts/dropped-tables-bytes",
    title: "What dropped tables held is given back while the script runs, with a quota and without",
    run: async ({ load }) => {
      const code = `for i = 1, 100 do local t = ext.table() t[1] = ("x"):rep(100000) end`;
      const limited = await load({ quota: { maxBytes: 1_000_000 } });
      succeeds(limited.compute(code), [], "10 MB within 1 MB");
      const core = await load();
      let heldBytes = 0;
      core.register("look", () => {
        heldBytes = Math.max(heldBytes, core.tables.used.bytes);
      });
      succeeds(core.compute(`${code.slice(0, -3)} t = nil collectgarbage() look() end`), [], "all");
      isTrue(heldBytes < 9_000_000, `${heldBytes} bytes were held at most`);
    },
  }),
  defineCase({
    id: "hosts/dropped-on-its-way",
    title:
      "A table that a value on its way to Lua refers to is not dropped, whatever finalizers do",
    run: async ({ load }) => {
      const core = await load({ quota: { maxTables: 20 } });
      // A finalizer that runs while the value is read takes the entry away, and has all be dropped
      // that nothing refers to. The collector makes a cycle at each allocation.
      const code = `local met = 0
        for i = 1, 10 do
          do
            local value, t = {}, ext.table()
            for j = 1, 20 do value[j] = j .. ("s"):rep(1000) end
            t.v = i
            value[21] = {t}
            _home.x = value
          end
          collectgarbage("incremental", 100, 1000, 10)
          collectgarbage()
          setmetatable({}, {__gc = function()
            _home.x = nil
            pcall(function() for _ = 1, 30 do ext.table() end end)
          end})
          -- Nothing of the call above is left on the stack.
          local _1, _2, _3, _4, _5, _6, _7, _8 = 1, 2, 3, 4, 5, 6, 7, 8
          local got = _home.x
          if got and not _home.x then
            met = met + 1
            assert(got[21][1].v == i)
          end
        end
        return met`;
      const [met] = succeeded(core.compute(code), "the reads").values;
      isTrue(Number(met) > 0, "a finalizer ran while the value was read, once at least");
    },
  }),
  defineCase({
    id: "hosts/loop-over-churn",
    title:
      "A loop that stays open while its table is filled and emptied goes on with what is there",
    run: async ({ load }) => {
      const core = await load();
      const code = `_home.first = 1
        local next_entry = pairs(_home)
        for round = 1, 20 do
          for i = 1, 500 do _home[i] = round end
          for i = 1, 499 do _home[i] = nil end
        end
        local seen = {}
        for k, v in next_entry do seen[#seen + 1] = k .. "=" .. v end
        return table.concat(seen, " ")`;
      succeeds(core.compute(code), ["first=1 500=20"], "what the loop saw");
    },
  }),
  defineCase({
    id: "hosts/long-keys",
    title: "Keys of 20,000 bytes that differ at their end are kept, found, deleted and iterated",
    run: async ({ load }) => {
      const core = await load();
      const code = `local p = ("k"):rep(20000)
        for i = 1, 300 do _home[p .. 1000 + i] = i end
        for i = 1, 300, 2 do _home[p .. 1000 + i] = nil end
        local sum, n = 0, 0
        for k, v in pairs(_home) do assert(k == p .. 1000 + v) sum, n = sum + v, n + 1 end
        return #_home, n, sum, _home[p .. 1007], _home[p .. 1008]`;
      succeeds(core.compute(code), [150, 150, 22_650, undefined, 8], "what is there");
    },
  }),
];
