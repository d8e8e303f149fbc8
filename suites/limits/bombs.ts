/** Scripts that ask for far more memory than there is: each ends in an error of Lua. */
import type { CaseContext, Figures } from "../../harness/suite/case.ts";
import { CheckFailure, isTrue, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";

interface Bomb {
  readonly name: string;
  readonly code: string;
}

const bombs: readonly Bomb[] = [
  { name: "doubling", code: "local s = 'x' while true do s = s .. s end" },
  { name: "rep-30", code: "return ('x'):rep(1 << 30)" },
  { name: "rep-62", code: "return ('x'):rep(1 << 62)" },
  { name: "rep-separator", code: "return ('x'):rep(1 << 20, ('y'):rep(1 << 10))" },
  { name: "array", code: "local t = {} for i = 1, math.huge do t[i] = i end" },
  { name: "hash", code: "local t = {} for i = 1, math.huge do t[i + 0.5] = true end" },
  { name: "nested", code: "local t = {} while true do t = {t} end" },
  { name: "global", code: "big = {} for i = 1, math.huge do big[i] = {big, i, {}} end" },
  {
    name: "concat",
    code: `local t = {}
      while true do t[#t + 1] = ('x'):rep(4000) .. #t local s = table.concat(t) end`,
  },
  {
    name: "concat-one",
    code: "local s, t = ('x'):rep(4000), {} for i = 1, 4000 do t[i] = s end return table.concat(t)",
  },
  {
    name: "coroutines",
    code: `local t = {}
      for i = 1, 1e6 do t[i] = coroutine.wrap(function() coroutine.yield() end) t[i]() end`,
  },
  {
    name: "coroutine-chain",
    code: `local co
      for i = 1, 1e6 do local inner = co co = coroutine.create(function() return inner end) end
      return co`,
  },
  {
    name: "upvalues",
    code: "local f for i = 1, math.huge do local g = f f = function() return g, i end end",
  },
  {
    name: "format",
    code: "local t = {} while true do t[#t + 1] = ('%99.99f'):format(1e308 / 3) .. #t end",
  },
  {
    name: "load-reader",
    code: `return assert(load(function() return '"${"x".repeat(500)}",' end))`,
  },
  { name: "load-growing", code: "return assert(load(function() return 'local a = {1, 2} ' end))" },
  {
    name: "load-name",
    code: "return assert(load(function() return ('n'):rep(1000) end))",
  },
  { name: "gsub", code: "return ((('x'):rep(100000)):gsub('x', ('y'):rep(1000)))" },
  { name: "gsub-doubling", code: "local s = 'x' while true do s = s:gsub('.', '%0%0') end" },
  {
    name: "pcall-recursion",
    code: "local function f() return select(2, assert(pcall(f))) end return f()",
  },
  {
    name: "recursion",
    code: "local function f(n) local a, b, c = {}, {}, {} return 1 + f(n + 1) end return f(1)",
  },
  { name: "pack", code: "return #table.pack(table.unpack({}, 1, 1e8))" },
  { name: "unpack", code: "return table.unpack({}, 1, 14000), table.unpack({}, 1, 1e7)" },
  { name: "string-pack", code: "return string.pack(('s'):rep(100), ('x'):rep(1 << 20))" },
  { name: "string-pack-padding", code: "return #string.pack('c' .. 1 << 30, 'x')" },
  {
    name: "error-chain",
    code: `local function f(e) return {e, debug.traceback(), ('x'):rep(1000)} end
      local e repeat local _ _, e = xpcall(error, f, e) until type(e) ~= 'table' error(e)`,
  },
  {
    name: "resurrection",
    code: `kept = {}
      local function make(n)
        setmetatable({('x'):rep(500)}, {__gc = function(o) kept[#kept + 1] = o make(n + 1) end})
      end
      for i = 1, 1e6 do make(i) end`,
  },
  {
    name: "sort",
    code: `local t = {} for i = 1, 3000 do t[i] = -i end
      local junk = {}
      table.sort(t, function(a, b) junk[#junk + 1] = ('x'):rep(1000) .. #junk return a < b end)`,
  },
  {
    name: "utf8",
    code:
      "local t = {} for i = 1, 250 do t[i] = 0x10ffff end " +
      "local s = {} while true do s[#s + 1] = utf8.char(table.unpack(t)) .. #s end",
  },
  { name: "format-q", code: "local s = ('\\0'):rep(1000) while true do s = ('%q'):format(s) end" },
  { name: "reverse", code: "local t = {} for i = 1, 1e6 do t[i] = ('ab'):rep(i):reverse() end" },
  { name: "globals", code: "for i = 1, math.huge do _G['global ' .. i] = i end" },
  {
    name: "metatables",
    code: "local t = {} while true do t = setmetatable({}, {__index = t}) end",
  },
  {
    name: "external",
    code: "local t = ext.table() t[1] = {('x'):rep(1 << 19), ('y'):rep(1 << 19)} return t[1], t[1]",
  },
];

/** Takes away what a bomb left behind in globals. */
const cleanUp = "for k in pairs(_G) do if not kept_names[k] then _G[k] = nil end end";
const evalsAfter = 1000;

export const bombCases = bombs.map(({ name, code }) =>
  defineCase({
    id: `limits/bomb-${name}`,
    title: `The bomb ${name} ends in an error of Lua, and ${evalsAfter} evals follow`,
    limitMs: 30_000,
    run: async (context): Promise<Figures> => {
      const bombMs = await explode(context, code);
      return { bombMs: Math.round(bombMs * 10) / 10 };
    },
  }),
);

/** The time to the bomb's end, in a core of its own that goes on afterwards. */
async function explode({ load }: CaseContext, code: string): Promise<number> {
  using core = await load({ seed: 1 });
  const names = "kept_names = {} for k in pairs(_G) do kept_names[k] = true end";
  succeeds(core.compute(names), [], "the names of globals");
  const startMs = performance.now();
  const result = core.compute(code);
  const tookMs = performance.now() - startMs;
  if (result.ok) throw new CheckFailure("it succeeded");
  const isError = result.code === "OUT_OF_MEMORY" || result.code === "RUNTIME_FAILED";
  isTrue(isError, `an error of Lua, not ${result.code}: ${String(result.error)}`);
  succeeds(core.compute(cleanUp), [], "the clean-up");
  for (let i = 0; i < evalsAfter; i++) {
    const after = `local t = {} for i = 1, 9 do t[i] = ${i} end return #t`;
    succeeds(core.compute(after), [9], "after it");
  }
  return tookMs;
}
