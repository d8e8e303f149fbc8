/** Cases on what upstream mended after 5.4.8, and on more of its kind (docs/UPSTREAM.md). */

import type { CaseContext } from "../../harness/suite/case.ts";
import { equal, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";

type Answer = readonly [code: string, values: readonly unknown[]];

/** Each in a fresh state, since some change how the collector goes on. The answers are stock's. */
async function answer(load: CaseContext["load"], answers: readonly Answer[]): Promise<void> {
  for (const [code, values] of answers) succeeds((await load()).compute(code), values, code);
}

const intMin = "-2147483648";
const intMax = "2147483647";
const tooShort = "bad argument #2 to 'string.unpack' (data string too short)";

const steps: readonly Answer[] = [
  ["collectgarbage('step', 1), collectgarbage('step', -1)", [false, false]],
  ["collectgarbage('step', 16384)", [true]],
  ["collectgarbage('step', 1048576)", [true]],
  ["collectgarbage('step', 2097151)", [true]],
  ["collectgarbage('step', 2097152)", [true]],
  ["collectgarbage('step', 4194304)", [true]],
  [`collectgarbage('step', ${intMax})`, [true]],
  [`collectgarbage('step', ${intMin})`, [false]],
  [`collectgarbage('step', ${intMin}), collectgarbage('step', ${intMin})`, [false, false]],
  [`collectgarbage('step', ${intMin}), collectgarbage('step', 1)`, [false, false]],
  ["collectgarbage('step', -1048576), collectgarbage('step', 2097152)", [false, true]],
  ["collectgarbage('step', -1048576), collectgarbage('step', 1048576)", [false, false]],
  ["collectgarbage('incremental', 0, 0, 30), collectgarbage('step', 0)", ["incremental", true]],
  ["collectgarbage('incremental', 0, 1000, 29), collectgarbage('step', 0)", ["incremental", true]],
  ["collectgarbage('incremental', 0, 0, -1), collectgarbage('step', 0)", ["incremental", true]],
  [
    `collectgarbage('generational', ${intMax}, ${intMin}), collectgarbage('step', ${intMax})`,
    ["incremental", false],
  ],
  [
    `collectgarbage('setpause', ${intMax}), collectgarbage('setpause', ${intMin}),
      collectgarbage('setpause')`,
    [200, 1020, 0],
  ],
];

const firstBytes: readonly Answer[] = ["\\xff", "\\xfe"].flatMap((byte) => {
  const text = `'${byte}' .. ('\\x85'):rep(7)`;
  return [
    [`utf8.len(${text})`, [undefined, 1]],
    [`utf8.len(${text}, 1, -1, true)`, [undefined, 1]],
    [`pcall(utf8.codepoint, ${text})`, [false, "invalid UTF-8 code"]],
    [`pcall(utf8.codepoint, ${text}, 1, 1, true)`, [false, "invalid UTF-8 code"]],
    [`pcall(utf8.codes(${text}), ${text}, 0)`, [false, "invalid UTF-8 code"]],
    [`pcall(utf8.codes(${text}, true), ${text}, 0)`, [false, "invalid UTF-8 code"]],
  ] satisfies readonly Answer[];
});

const empties: readonly Answer[] = [
  ["(''):rep(math.maxinteger)", [""]],
  ["(''):rep(math.maxinteger, '')", [""]],
  ["(''):rep(1 << 40), (''):rep(0), (''):rep(-1, ','), (''):rep(1)", ["", "", "", ""]],
  ["(''):rep(3, ','), ('ab'):rep(2, ''), string.rep(5, 2)", [",,", "abab", "55"]],
  ["pcall(string.rep, '', 1 << 31, ',')", [false, "resulting string too large"]],
];

const lengths: readonly Answer[] = [
  ["pcall(string.unpack, '<s8', '\\1\\0\\0\\0\\1\\0\\0\\0abc')", [false, tooShort]],
  ["pcall(string.unpack, '<s8', '\\1\\0\\0\\0\\0\\0\\0\\x80abc')", [false, tooShort]],
  ["pcall(string.unpack, '<s5', '\\1\\0\\0\\0\\1abc')", [false, tooShort]],
  ["pcall(string.unpack, '<s4', '\\xff\\xff\\xff\\xffabc')", [false, tooShort]],
  ["string.unpack('<s8', '\\1\\0\\0\\0\\0\\0\\0\\0abc')", ["a", 10]],
  ["string.unpack('<I5', '\\1\\0\\0\\0\\1')", [4294967297, 6]],
];

const header = "x\nstack traceback:";
const levels: readonly Answer[] = [
  [`debug.traceback('x', ${intMin}), debug.traceback('x', -1)`, [header, header]],
  [`debug.traceback('x', ${intMax}), debug.traceback('x', 1 << 31)`, [header, header]],
  [`debug.getlocal(function(a, b) end, ${intMin})`, [undefined]],
  [`debug.getlocal(function(a, b) end, ${intMin} + 1)`, [undefined]],
  [`debug.getlocal(function(a, b) end, ${intMax})`, [undefined]],
  ["debug.getlocal(function(a, b) end, 2)", ["b"]],
  ["(function(...) return debug.getlocal(1, -2) end)(5, 6)", ["(vararg)", 6]],
];

/**
 * A table gets another metatable after each number of single steps of a cycle, which then ends. Of
 * a list the last is visited first: a chain of tables is left to visit after it. `alive` tells
 * whether the metatable was marked, without a look at what may have been freed.
 */
const metatables = `
  local function attach(weak)
    local metatable = { __mode = "kv" }
    alive[metatable] = true
    setmetatable(weak, metatable)
  end
  collectgarbage("incremental", 200, 100, 1)
  local last, tried, lost = {}, 0, 0
  held = { last }
  for i = 1, 100 do last[1] = {} last = last[1] end
  repeat
    held[2], alive = nil, nil
    collectgarbage()
    held[2], alive = setmetatable({}, { __mode = "kv" }), setmetatable({}, { __mode = "k" })
    local ended = false
    for _ = 1, tried do ended = collectgarbage("step", 0) or ended end
    attach(held[2])
    while not ended and not collectgarbage("step", 0) do end
    if next(alive) == nil then lost = lost + 1 end
    tried = tried + 1
  until ended
  return tried > 100, lost`;

const bytecode = `
  local chunk = string.dump(load("return 1, 2, 3"))
  collectgarbage()
  local before, most = collectgarbage("count"), 0
  for _ = 1, 3000 do
    load(chunk, "=c", "b")
    most = math.max(most, collectgarbage("count"))
  end
  return most < 4 * before`;

/** Of some number of arguments there is room for them, and none for the function's own frame. */
const withoutRoom = `
  local arguments, found = {}, "none"
  for i = 1, 15000 do arguments[i] = i end
  local f = load("local a, b = ... local c" .. (", c"):rep(30) .. " return 1 + a")
  local function look()
    for level = 1, 4 do if debug.getlocal(level, -1) then found = "in a handler" end end
  end
  for n = 14900, 15000 do
    local function call() return 1 + f(table.unpack(arguments, 1, n)) end
    xpcall(call, look)
    local co = coroutine.create(call)
    if not coroutine.resume(co) and debug.getlocal(co, 0, -1) then found = "in a coroutine" end
    co = nil
    collectgarbage()
  end
  return found`;

export const mended = [
  defineCase({
    id: "stdlib/mended-gmatch-depth",
    title: "The iterator of gmatch has its limit of depth again after an error",
    run: async ({ load }) => {
      const core = await load();
      succeeds(
        core.compute("f = ('b'):rep(20000):gmatch(('b?'):rep(20000))"),
        [],
        "a pattern that goes too deep",
      );
      for (const turn of ["the first call", "the second call", "the third call"]) {
        succeeds(core.compute("pcall(f)"), [false, "pattern too complex"], turn);
      }
    },
  }),
  defineCase({
    id: "stdlib/mended-weak-metatable",
    title: "A table of weak keys and values keeps a metatable that it gets within a cycle",
    run: async ({ load }) => await answer(load, [[metatables, [true, 0]]]),
  }),
  defineCase({
    id: "stdlib/mended-first-byte",
    title: "The bytes 0xFE and 0xFF begin no UTF-8 sequence, however many bytes continue it",
    run: async ({ load }) => await answer(load, firstBytes),
  }),
  defineCase({
    id: "stdlib/mended-collector-steps",
    title: "collectgarbage takes steps of any size, credit too, and answers as stock Lua does",
    run: async ({ load }) => await answer(load, steps),
  }),
  defineCase({
    id: "stdlib/mended-bytecode-collected",
    title: "What is loaded from bytecode and dropped is collected on the way",
    run: async ({ load }) => {
      const core = await load({ bytecode: "trusted" });
      succeeds(core.compute(bytecode), [true], "the most that the heap held");
    },
  }),
  defineCase({
    id: "stdlib/mended-empty-rep",
    title: "rep of empty strings ends at once",
    run: async ({ load }) => await answer(load, empties),
  }),
  defineCase({
    id: "stdlib/mended-unpack-length",
    title: "unpack refuses a string of 2^32 bytes and more",
    run: async ({ load }) => await answer(load, lengths),
  }),
  defineCase({
    id: "stdlib/mended-debug-numbers",
    title: "debug takes levels and numbers of variables up to the edges of int",
    run: async ({ load }) => await answer(load, levels),
  }),
  defineCase({
    id: "stdlib/mended-read-count",
    title: "io.read of 2^32 bytes and more asks for as many, not for the rest of a division",
    run: async ({ load }) => {
      const core = await load();
      const counts = ["1 << 32", "(1 << 32) + 5", "math.maxinteger"];
      for (const count of counts) {
        const result = core.compute(`return (pcall(io.read, ${count}))`);
        succeeds(result, [false], count);
      }
      equal(core.compute("io.read(0)").ok, true, "the core after it");
    },
  }),
  defineCase({
    id: "stdlib/mended-vararg-room",
    title: "Arguments of a function that there is no room for are not looked for below the stack",
    run: async ({ load }) => await answer(load, [[withoutRoom, ["none"]]]),
  }),
];
