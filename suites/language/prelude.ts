/** What each program runs in: an exact log of what it emits, and limits that no program passes. */

/** Lua code that wants a local `type`: before(a, b) orders keys of the types in `rank`. */
export const keyOrder = `
local rank = { boolean = 1, number = 2, string = 3 }
local function before(a, b)
  local rank_a, rank_b = rank[type(a)], rank[type(b)]
  if rank_a ~= rank_b then return rank_a < rank_b end
  if rank_a == 1 then return not a and b end
  return a < b
end
`;

/**
 * Defines run(source): compiles and runs a program, and returns its log with the error that ended
 * it. A program uses emit, try, tick (in every loop and function: it ends what would not end) and
 * keep (which keeps strings short). All else that it finds is Lua's own.
 */
export const languagePrelude = `
local format, gsub, sub, math_type = string.format, string.gsub, string.sub, math.type
local concat, sort, select, type, pairs = table.concat, table.sort, select, type, pairs
local randomseed = math.randomseed
local rawget, next, pcall, load, error = rawget, next, pcall, load, error
local getmetatable, tostring, collectgarbage = getmetatable, tostring, collectgarbage
local log, log_length, log_size, steps, run_number = {}, 0, 0, 0, 0
local steps_max, log_max, depth_max = 2000, 400, 3

${keyOrder}
local function escape(character) return format("\\\\%d", character:byte()) end

-- Integers as %d, floats as %a, strings as %q, tables by their definite keys, others by type.
local function show(value, depth)
  local kind = type(value)
  if kind == "number" then
    if math_type(value) == "integer" then return format("%d", value) end
    if value ~= value then return "nan" end
    return format("%a", value)
  elseif kind == "string" then return (gsub(format("%q", value), "[\\128-\\255]", escape))
  elseif kind == "nil" or kind == "boolean" then return tostring(value)
  elseif kind ~= "table" then return kind
  elseif depth >= depth_max then return "{...}" end
  local keys, others = {}, 0
  for key in next, value do
    if rank[type(key)] then keys[#keys + 1] = key else others = others + 1 end
  end
  sort(keys, before)
  local texts = {}
  for place, key in next, keys do
    texts[place] = "[" .. show(key, depth) .. "]=" .. show(rawget(value, key), depth + 1)
  end
  if others > 0 then texts[#texts + 1] = others .. " others" end
  return (getmetatable(value) and "meta{" or "{") .. concat(texts, ",") .. "}"
end

function emit(...)
  local texts = {}
  for place = 1, select("#", ...) do texts[place] = show((select(place, ...)), 0) end
  local line = concat(texts, " ")
  log_size = log_size + #line
  if log_length >= log_max or log_size > 20000 then error("the log is full", 0) end
  log_length = log_length + 1
  log[log_length] = line
end

function try(f, ...) emit(pcall(f, ...)) end

function battery(functions) for _, f in next, functions do try(f) end end

function tick()
  steps = steps + 1
  if steps > steps_max then error("too many steps", 0) end
end

function keep(text)
  if type(text) == "string" and #text > 30 then return sub(text, 1, 30) end
  return text
end

-- What has a text without an address: a reference becomes the name of its type.
function plain(value)
  local meta = type(value) == "table" and getmetatable(value)
  if rank[type(value)] or value == nil or type(meta) == "table" and meta.__tostring then
    return value
  end
  return type(value)
end

-- How many entries pairs finds; in which order is not compared.
function count(value)
  local entries = 0
  for _ in pairs(value) do tick() entries = entries + 1 end
  return entries
end

-- A finalizer of an earlier run has nothing to say in this one.
function current_run() return run_number end

function run(source)
  log, log_length, log_size, steps, run_number = {}, 0, 0, 0, run_number + 1
  G1, G2 = nil, nil
  randomseed(42)
  local program, message = load(source, "=p", "t")
  if program then
    local ok, failure = pcall(program, 1, 2.5, "three")
    log[#log + 1] = ok and "end" or "error: " .. show(failure, 0)
  else log[#log + 1] = "syntax: " .. message end
  local text = concat(log, "\\n")
  -- Addresses, and the sign of a NaN, which no standard fixes.
  return (gsub(gsub(text, ": 0x%x+", ": ADDRESS"), " *%-?nan", "nan"))
end
`;
