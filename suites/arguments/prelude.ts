/** What each program runs in: the functions by name, a log of each call, and what is put back. */
import { keyOrder } from "../language/prelude.ts";
import { catalogue } from "./catalogue.ts";
import { guards } from "./guards.ts";
import { makers } from "./makers.ts";

const compared = catalogue.map(({ name, compared: how }) => `["${name}"] = "${how}"`).join(", ");

/** Lua's own functions as they are before a program changes them. */
const own = `
local native = ext == nil
local next, type, select, tonumber, error, load = next, type, select, tonumber, error, load
local pcall, setmetatable, rawget, rawset, rawlen = pcall, setmetatable, rawget, rawset, rawlen
local rawequal = rawequal
local getmetatable, setanymetatable = debug.getmetatable, debug.setmetatable
local getinfo, getupvalue, sethook = debug.getinfo, debug.getupvalue, debug.sethook
local format, gsub, find, sub, byte, rep = string.format, string.gsub, string.find, string.sub,
  string.byte, string.rep
local concat, sort, pack, unpack = table.concat, table.sort, table.pack, table.unpack
local tointeger, math_type, randomseed = math.tointeger, math.type, math.randomseed
local create, resume, status, yield = coroutine.create, coroutine.resume, coroutine.status,
  coroutine.yield
local running, wrap, warn, collectgarbage = coroutine.running, coroutine.wrap, warn,
  collectgarbage
local gmatch = string.gmatch
local stdout, stdin, output, input = io.stdout, io.stdin, io.output, io.input
local main = running()
local nan = string.unpack("<d", "\\0\\0\\0\\0\\0\\0\\xf8\\x7f")

-- What a program sees; its latest results; what lives until it ends; the log.
local E, ring, core_ring, alive, log, log_size, thread = {}, {}, {}, {}, {}, 0, nil
-- Iterators of gmatch that failed for depth: the twin's have no limit when they are called again.
local bottomless = {}
`;

/** F: each function by its name in the catalogue; one that has none there is an error. */
const names = `
local F, compared = {}, { ${compared} }
do
  local function take(prefix, functions)
    for name, f in next, functions do
      if type(f) == "function" then F[prefix .. name] = f end
    end
  end
  for name, library in next, package.loaded do
    take(name == "_G" and "" or name .. ".", library)
  end
  local file = getmetatable(stdout)
  take("string:", getmetatable(""))
  take("file.", file)
  take("file:", file.__index)
  if not native then
    take("handle.", getmetatable(_home))
    F["iterator.next"] = getmetatable(_home).__pairs(_home)
  end
  for place, name in next, { "preload", "host" } do
    F["package.searchers." .. name] = package.searchers[place]
  end
  for _, name in next, { "getinfo", "getlocal", "traceback" } do
    F["debug." .. name .. ".thread"] = debug[name]
  end
  F["ipairs.iterator"] = ipairs{}
  F["utf8.codes.strict"], F["utf8.codes.lax"] = utf8.codes(""), utf8.codes("", true)
  F["io.lines.iterator"] = io.lines()
  F["string.gmatch.iterator"], F["coroutine.wrap.iterator"] = pcall, pcall
  take("op.", {
    arithmetic = function(a, b) return a + b, a - b, a * b, a / b, a // b, a % b end,
    bitwise = function(a, b) return a & b, a | b, a ~ b, a << b, a >> b end,
    call = function(a, ...) return a(...) end,
    close = function(a) local closing <close> = a end,
    compare = function(a, b) return a < b, a <= b, a > b, a >= b end,
    concat = function(a, b) return a .. b end,
    equal = function(a, b) return a == b, a ~= b end,
    ["for"] = function(a, b, c)
      local turns, last = 0, nil
      for i = a, b, c do
        turns, last = turns + 1, i
        if turns == 3 then break end
      end
      return turns, last
    end,
    generic = function(a, b, c, d)
      local turns, last = 0, nil
      for key in a, b, c, d do
        turns, last = turns + 1, key
        if turns == 3 then break end
      end
      return turns, last
    end,
    index = function(a, b) return a[b] end,
    length = function(a) return #a end,
    newindex = function(a, b, c) a[b] = c end,
    power = function(a, b) return a ^ b end,
    unary = function(a) return -a, ~a end,
  })
  for name in next, F do
    if not compared[name] then error("the catalogue of arguments lacks " .. name, 0) end
  end
  for name, how in next, compared do
    if not F[name] and not (native and how == "core") then error("there is no " .. name, 0) end
  end
end
`;

/** Libraries and types as they were: what a program did to them ends with it. */
const restored = `
local tables, seen, kinds = {}, {}, { true, 1, "", print, running() }
local function remember(t)
  if type(t) ~= "table" or seen[t] then return end
  local copy = {}
  seen[t] = true
  for key, value in next, t do copy[key] = value end
  tables[#tables + 1] = { t, copy, getmetatable(t) }
  for _, value in next, copy do remember(value) remember(getmetatable(value)) end
end

local type_metatables = { [0] = getmetatable(nil) }
for place, value in next, kinds do type_metatables[place] = getmetatable(value) or false end

local function restore()
  setanymetatable(nil, type_metatables[0])
  for place, value in next, kinds do setanymetatable(value, type_metatables[place] or nil) end
  for _, each in next, tables do
    local t, copy = each[1], each[2]
    setanymetatable(t, each[3])
    for key in next, t do if copy[key] == nil then rawset(t, key, nil) end end
    for key, value in next, copy do rawset(t, key, value) end
  end
  output(stdout)
  input(stdin)
  warn("@off")
  randomseed(42)
  collectgarbage("incremental", 200, 100, 13)
  collectgarbage("stop")
end
`;

const shown = `
${keyOrder}local function escape(character) return format("\\\\%d", byte(character)) end

local function show_text(text)
  for _, limit in next, limits do if find(text, limit, 1, true) then return "(limit)" end end
  if system_errors[gsub(text, "^eval:%d+: ", "")] then return "(system error)" end
  if find(text, "0x", 1, true) then
    text = gsub(gsub(text, ": 0x%x+", ": ADDRESS"), "%(0x%x+%)", "(ADDRESS)")
  end
  if find(text, "nan", 1, true) then text = gsub(text, "[ +]*%-?nan", "nan") end
  local size = #text
  if size > 300 then
    local sum = 0
    for place = 1, size, size // 64 do sum = (sum * 31 + byte(text, place)) & 0xffffffff end
    text = sub(text, 1, 60) .. " ... " .. sub(text, -60) .. " of " .. size .. ", " .. sum
  end
  return (gsub(format("%q", text), "[\\128-\\255]", escape))
end

local function show(value, how, depth)
  local kind = type(value)
  if how == "kind" then return math_type(value) or kind end
  if kind == "number" then
    if math_type(value) == "integer" then return format("%d", value) end
    if value ~= value then return "nan" end
    return format(how == "rough" and "%.9g" or "%a", value)
  elseif kind == "string" then return show_text(value)
  elseif kind == "boolean" then return value and "true" or "false"
  elseif kind ~= "table" then return kind
  elseif depth >= 3 then return "{...}" end
  local meta = getmetatable(value)
  if type(meta) == "table" and rawget(meta, "__mode") ~= nil then return "weak" end
  local keys, others = {}, 0
  for key in next, value do
    if rank[type(key)] then keys[#keys + 1] = key else others = others + 1 end
  end
  sort(keys, before)
  local texts = {}
  for place, key in next, keys do
    if place > 20 then texts[place] = #keys .. " keys" break end
    local entry = rawget(value, key)
    texts[place] = "[" .. show(key, how, depth) .. "]=" .. show(entry, how, depth + 1)
  end
  if others > 0 then texts[#texts + 1] = others .. " others" end
  return (meta and "meta{" or "{") .. concat(texts, ",") .. "}"
end

local function put(line)
  log_size = log_size + #line
  if log_size > 60000 then error("the log is full", 0) end
  log[#log + 1] = line
end
`;

const calls = `
local function keep(results)
  for place = 1, results.n do
    local value = results[place]
    local kind = type(value)
    if kind == "table" or kind == "thread" or kind == "userdata"
      or kind == "function" and not guards[value] then
      alive[#alive + 1] = value
      ring[#ring + 1] = value
    end
  end
end

-- The debug library sees frames of its own, not these.
local function isolated(f, ...)
  local work = load("local f = ... local a, b = 1, {} return function(...)\\n"
    .. "local results = table.pack(f(...)) a = a + 1 return results end", "=i")(f)
  local each = create(work)
  local ok, results = resume(each, ...)
  sethook(each)
  if not ok then return false, results end
  if status(each) ~= "dead" then return true, "yields" end
  return true, unpack(results, 1, results.n)
end

local function answered(name, how, results)
  local texts = {}
  local last = results.n
  -- The numbers of errors are another system's.
  if find(name, "^file") or find(name, "^io") then
    if results[1] == true and results[2] == nil and last == 4 then last = 3 end
  end
  if results[1] ~= true then how, last = "exact", 2 end
  for place = 1, last do
    texts[place] = show(results[place], how, 0)
    -- Its number follows, also where pcall or xpcall called.
    if texts[place] == "(system error)" then break end
  end
  return how == "errors" and "answers" or concat(texts, " ", 2)
end

-- A reader for load: it may have no end of its own.
local function finite(reader)
  local count = 0
  return function(...)
    count = count + 1
    if count < 6 then return reader(...) end
  end
end

local function perform(name, f, ...)
  local arguments = pack(...)
  if f == load and type(arguments[1]) == "function" then arguments[1] = finite(arguments[1]) end
  local how = compared[name] or "exact"
  local guard = f and guards[f]
  if guard then how = guard(arguments) or how end
  if bottomless[f] and how ~= "skipped" then how = "core" end
  if how == "skipped" then return put(name .. ": skipped") end
  if how == "core" then
    if not native then
      local results = pack(pcall(f, unpack(arguments, 1, arguments.n)))
      if results[1] then for place = 2, results.n do
        local kind = type(results[place])
        if kind == "userdata" or kind == "function" or kind == "table" then
          core_ring[#core_ring + 1] = results[place]
        end
      end end
    end
    return put(name .. ": core")
  end
  local protected = find(name, "^debug") and isolated or pcall
  local results = pack(protected(f, unpack(arguments, 1, arguments.n)))
  if native and f == collectgarbage then
    -- The twin has the faults of its release, and must not be in the midst of a collection.
    collectgarbage("collect")
    collectgarbage("stop")
  end
  if f == randomseed then randomseed(42) end
  if how == "hidden" then return put(name .. (results[1] and ": answers" or ": raises")) end
  if results[1] then keep(results) end
  if not results[1] and results[2] == "pattern too complex" then bottomless[f] = true end
  put(name .. (results[1] and ": " or " raises ") .. answered(name, how, results))
end

function E.call(name, ...) return perform(name, F[name], ...) end
function E.again(times, name, ...) for _ = 1, times do perform(name, F[name], ...) end end
function E.latest(times, ...)
  for place = #ring, 1, -1 do
    if type(ring[place]) == "function" then
      for _ = 1, times do perform("latest", ring[place], ...) end
      return
    end
  end
end
-- As a loop does: each time with what it gave last.
function E.walk(name, ...)
  local maker = F[name]
  if guards[maker] and guards[maker](pack(...)) then return put(name .. ": not walked") end
  local ok, f, state, control = pcall(maker, ...)
  if not ok or guards[f] and guards[f]({ state, control, n = 2 }) then
    return put(name .. ": no walk")
  end
  for _ = 1, 5 do
    local results = pack(pcall(f, state, control))
    put("walk " .. answered(name, "exact", results))
    control = results[2]
    if not results[1] or control == nil then break end
  end
end
function E.inside(name, ...)
  local each = create(perform)
  local ok, message = resume(each, name, F[name], ...)
  for _ = 1, 3 do
    if status(each) ~= "suspended" then break end
    put("yields")
    ok, message = resume(each, 1, "two")
  end
  if not ok then put("inside: " .. show(message, "exact", 0)) end
  alive[#alive + 1] = each
end
function E.steps(count)
  if not native then for _ = 1, count do collectgarbage("step", 0) end end
end
`;

const run = `
-- What was freed is likely to be used again by these.
local function churn()
  for place = 1, 40 do alive[#alive + 1] = { { place }, [place] = {}, x = "c" .. place } end
end

local function tell(name, value)
  put(name .. " " .. show(value, "exact", 0))
  local meta = getmetatable(value)
  if type(meta) == "table" and type(value) == "table" then put(" " .. show(meta, "exact", 1)) end
end

function run(source)
  restore()
  ring, core_ring, alive, log, log_size, bottomless = {}, {}, {}, {}, 0, {}
  collectgarbage("collect")
  E.o, E.strong = {}, {}
  E.begin()
  F["string.gmatch.iterator"] = gmatch("abc", "b?")
  F["coroutine.wrap.iterator"] = wrap(function(...) while true do yield(...) end end)
  local program, message = load(source, "=p", "t", E)
  if not program then return "syntax: " .. message end
  thread = create(program)
  local ok, failure = resume(thread)
  local yields = 0
  while status(thread) == "suspended" and yields < 200 do
    yields = yields + 1
    put("the program yields")
    ok, failure = resume(thread, 1, "two")
  end
  if not ok then put("error: " .. show(failure, "exact", 0)) end
  for name, each in next, kinds do setanymetatable(each, type_metatables[name] or nil) end
  setanymetatable(nil, nil)
  churn()
  for place = 1, 4 do tell("o" .. place, E.o[place]) end
  for place = 1, 2 do tell("strong" .. place, E.strong[place]) end
  E.told()
  return concat(log, "\\n")
end
remember(_G)
`;

export const argumentsPrelude = [own, names, restored, guards, shown, calls, makers, run].join("");
