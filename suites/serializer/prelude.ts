/** What a program runs in that is saved on its way: it pauses, and tells of its values. */
import { languagePrelude } from "../language/prelude.ts";

/**
 * Defines begin(pauses, source): runs a program as a coroutine, which stops at the pauses of these
 * numbers and returns false; proceed() goes on. At the end both return the log. Each tick and each
 * emit of a program may be a pause, wherever Lua can yield. tell(...) emits all that values lead
 * to: shared parts once, functions by their upvalues, tables in the order of next, whatever their
 * keys are, but for weak ones.
 */
export const relayPrelude = `${languagePrelude}
local plain_emit, plain_tick = emit, tick
local create, resume, status = coroutine.create, coroutine.resume, coroutine.status
local wrap = coroutine.wrap
local running, isyieldable, yield = coroutine.running, coroutine.isyieldable, coroutine.yield
local getinfo, getupvalue, upvalueid = debug.getinfo, debug.getupvalue, debug.upvalueid
local next, type, rawlen, getmetatable = next, type, rawlen, debug.getmetatable
local tostring, insert, concat, ipairs = tostring, table.insert, table.concat, ipairs
local program, passed, stops = nil, 0, {}

local function pause()
  if running() ~= program or not isyieldable() then return end
  passed = passed + 1
  if stops[passed] then yield() end
end

function emit(...) plain_emit(...) pause() end
function tick() plain_tick() pause() end

function proceed()
  local ok, log = resume(program)
  if status(program) == "suspended" then return false end
  program = nil
  return ok and log or tostring(log)
end

function begin(pauses, source)
  passed, stops = 0, {}
  for _, place in next, pauses do stops[place] = true end
  program = create(function() return run(source) end)
  return proceed()
end

local scalar = { ["nil"] = true, boolean = true, number = true, string = true }

function mark(...)
  local texts = {}
  for place = 1, select("#", ...) do
    local value = select(place, ...)
    texts[place] = scalar[type(value)] and string.format("%q", value) or type(value)
  end
  return concat(texts, " ")
end

function sorted(texts) table.sort(texts) plain_emit(concat(texts, ", ")) end

local function name_of(value, seen, found, kind)
  if scalar[type(value)] and not kind then return mark(value) end
  if not seen[value] then
    insert(found, kind or value)
    seen[value] = (kind or type(value)) .. #found
  end
  return seen[value]
end

-- As a text, and on a stack of its own: light userdata in a register could not be saved.
local function address_of(value, place)
  return wrap(function() return format("%p", upvalueid(value, place)) end)()
end

-- When the collector clears a weak table depends on how much memory there was, and on that where
-- new entries lie: of those only what holds no object is told, sorted.
local function entries_of(value, name)
  local meta, entries = getmetatable(value), {}
  local weak = type(meta) == "table" and rawget(meta, "__mode") ~= nil
  for key, entry in next, value do
    if not weak or scalar[type(key)] and scalar[type(entry)] then
      insert(entries, name(key) .. "=" .. name(entry))
    end
  end
  if weak then table.sort(entries) end
  return concat(entries, " ")
end

local function parts_of(value, name, seen, found)
  local parts, kind = {}, type(value)
  if kind == "table" then
    insert(parts, "#" .. rawlen(value))
    insert(parts, entries_of(value, name))
  elseif kind == "function" then
    for place = 1, 60 do
      local variable, content = getupvalue(value, place)
      if not variable then break end
      -- The libraries of the prelude are no part of what a program made.
      if variable ~= "_ENV" then
        local address = address_of(value, place)
        local identity = name_of(address, seen, found, "variable")
        insert(parts, variable .. "@" .. identity .. "=" .. name(content))
      end
    end
  elseif kind == "thread" then insert(parts, status(value)) end
  local meta = getmetatable(value)
  if meta then insert(parts, "meta=" .. name(meta)) end
  return concat(parts, " ")
end

function tell(...)
  local seen, found, lines = {}, {}, {}
  local function name(value) return name_of(value, seen, found) end
  for place = 1, select("#", ...) do insert(lines, name((select(place, ...)))) end
  local place = 0
  while place < #found and place < 200 do
    place = place + 1
    local value = found[place]
    if not scalar[type(value)] then
      insert(lines, seen[value] .. ": " .. parts_of(value, name, seen, found))
    end
  end
  plain_emit(concat(lines, "; "))
end
`;
