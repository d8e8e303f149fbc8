/** Which calls are not compared, or not made at all, for what they are given: see exclusions.ts. */

/**
 * guards[f](arguments) answers how a call is compared where that depends on its arguments: "core"
 * (only made on cores), "skipped" (made nowhere), "hidden" (only whether it raised), or nil.
 */
export const guards = `
local guards = {}
-- Where the sides have other limits: each is the same answer.
local limits = { "not enough memory", "stack overflow", "error in error handling",
  "resulting string too large", "string length overflow", "buffer too large", "table overflow",
  "too many C levels" }
-- What files answer is the system's: which function set errno last.
local system_errors = { ["Invalid argument"] = true, ["Bad file descriptor"] = true,
  ["(no extra info)"] = true, ["Illegal seek"] = true, ["Invalid seek"] = true }

-- As C functions read them: nil where that is an error.
local function integer(value, default)
  if value == nil then return default end
  return tointeger(tonumber(value))
end
local function text(value)
  local kind = type(value)
  return kind == "string" and value or kind == "number" and value .. "" or nil
end
local function length(t)
  if type(t) ~= "table" then return 0 end
  local ok, count = pcall(function() return #t end)
  return ok and integer(count) or 0
end
-- a - b + 0.0 does not wrap.
local function turns(first, last) return last < first and 0.0 or last + 0.0 - first end
local turns_max = 10000

local function guard(name, f) guards[F[name]] = f end

-- Longer than the core's memory, and not longer than the twin's.
guard("string.rep", function(a)
  local s, n, separator = text(a[1]), integer(a[2]), text(a[3]) or ""
  if not s or not n then return end
  local size = (#s + #separator) * (n + 0.0)
  if size > 60000 and size < 2^29 or size == 0 and n > 1000000 then return "skipped" end
end)

-- How long a match may take: each item that may match in several ways multiplies it, but for a
-- pattern that can't fail.
local function heavy(s, p)
  s, p = text(s), text(p)
  if not s or not p then return false end
  local items = gsub(gsub(p, "%%.", "x"), "%[[^%]]*%]?", "x")
  local rest, choices = gsub(items, ".[*+?-]", "")
  if rest == "" and not find(items, "+", 1, true) then
    return #s * (choices > 200 and 200 or choices) > 4e6
  end
  if #s * #p > 4e6 then return true end
  local backs = select(2, gsub(p, "%%[b1-9f]", ""))
  return (#s + 1.0) ^ (1 + (choices > 8 and 8 or choices)) * (backs + 1) > 4e6
    or choices > 8 and #s > 8
end
local function guard_pattern(a)
  if heavy(a[1], a[2]) then return "skipped" end
end
guard("string.match", guard_pattern)
guard("string.gmatch", guard_pattern)
guard("string.find", function(a)
  local s, p = text(a[1]), text(a[2])
  if s and p and #s * #p > 4e7 then return "skipped" end
  if not a[4] then return guard_pattern(a) end
end)
guard("string.gsub", function(a)
  local s, replacement = text(a[1]), text(a[3])
  if s and #s * (replacement and #replacement or 100) > 60000 then return "skipped" end
  return guard_pattern(a)
end)

local function guard_range(a)
  local s, last = text(a[1]), integer(a[3], 0)
  if s and #s > 3000 and last ~= integer(a[2], 1) then return "skipped" end
end
guard("string.byte", guard_range)
guard("utf8.codepoint", guard_range)

-- Formats that tell of addresses, or of the native sizes of C.
guard("string.format", function(a)
  local given = text(a[1])
  if not given then return end
  if find(given, "%%[^%a%%]*p") then return "hidden" end
  if find(given, "%%[^%a%%]+s") then
    for place = 2, a.n do if not text(a[place]) then return "hidden" end end
  end
end)
local function guard_pack(a)
  local given = text(a[1])
  if not given then return end
  if find(given, "%d%d%d%d%d") then return "skipped" end
  if find(gsub(given, "s%d", ""), "[lLTs]") then return "core" end
end
guard("string.pack", guard_pack)
local function guard_packed(a)
  local given = text(a[1])
  if given and find(gsub(given, "s%d", ""), "[lLTs]") then return "core" end
end
guard("string.unpack", guard_packed)
guard("string.packsize", guard_packed)
guard("string.dump", function() return "kind" end)

-- Loops that would not end.
guard("table.concat", function(a)
  local separator = text(a[2]) or ""
  local count = turns(integer(a[3], 1) or 0, integer(a[4]) or length(a[1]))
  if count > turns_max and getmetatable(a[1]) then return "skipped" end
  if #separator * (count < turns_max and count or 1000) > 60000 then return "skipped" end
end)
local function guard_shift(a)
  local position = a.n > 1 and integer(a[2])
  if not position then return end
  -- Positions are compared without a sign: of a negative length all before it are there.
  local count = length(a[1])
  if (position > 0 or count < 0) and turns(position, count) > turns_max then return "skipped" end
end
guard("table.insert", guard_shift)
guard("table.remove", guard_shift)
guard("table.sort", function(a)
  local count = length(a[1])
  if count > turns_max and count < 0x7fffffff then return "skipped" end
end)
guard("table.unpack", function(a)
  local count = turns(integer(a[2], 1) or 0, integer(a[3]) or length(a[1]))
  if count > 1000 and count < 2^21 then return "skipped" end
end)
guard("table.move", function(a)
  local first, last = integer(a[2]), integer(a[3])
  if first and last and turns(first, last) > turns_max then return "skipped" end
end)

-- The order of keys that are hashed by a seed or by their address.
local function is_unordered(t)
  if type(t) ~= "table" then return false end
  local count, odd = 0, false
  for key in next, t do
    count = count + 1
    odd = odd or type(key) ~= "number"
  end
  return odd and count > 1
end
local function guard_order(a)
  for place = 1, a.n do if is_unordered(a[place]) then return "hidden" end end
end
guard("next", guard_order)
guard("op.generic", guard_order)
guard("pairs", function() end)

-- Text alone is loaded: docs/IMPLEMENTATION.md.
guard("load", function(a)
  local chunk, mode = text(a[1]), text(a[3])
  if not chunk or byte(chunk) == 27 then return "hidden" end
  if mode and not find(mode, "t", 1, true) then return "hidden" end
end)

local inexact = { count = true, step = true, isrunning = true }
guard("collectgarbage", function(a)
  if a[1] ~= nil and inexact[a[1]] then return "kind" end
end)
guard("debug.setcstacklimit", function() return "kind" end)
guard("math.randomseed", function(a) if a.n == 0 then return "kind" end end)
guard("os.date", function(a) if a[2] == nil then return "kind" end end)
guard("os.time", function(a) if a[1] == nil then return "kind" end end)

-- A name would open a file.
local function guard_name(a)
  if text(a[1]) then return "core" end
end
guard("io.input", guard_name)
guard("io.output", guard_name)
guard("io.lines", guard_name)
-- musl's stdin without a buffer calls null when a number is written to it.
guard("file:setvbuf", function(a) if a[1] == stdin then return "core" end end)
guard("file:seek", function(a)
  local offset = integer(a[3], 0)
  if offset and (offset > 0x7fffffff or offset < -0x80000000) then return "core" end
end)
local function guard_read(a)
  for place = 1, a.n do
    local count = type(a[place]) == "number" and integer(a[place])
    if count and (count > 30000 or count < 0) then return "core" end
  end
end
guard("io.read", guard_read)
guard("file:read", guard_read)

-- Frames that are the harness's; and what the debug library refuses here, and stock Lua does not.
local function is_foreign(a)
  for place = 1, a.n do
    if rawequal(a[place], main) or rawequal(a[place], thread) then return true end
  end
end
local function guard_frame(a) if is_foreign(a) then return "skipped" end end
for _, name in next, { "gethook", "sethook", "getinfo", "getlocal", "traceback" } do
  guard("debug." .. name, guard_frame)
end
guard("debug.setlocal", function(a)
  if is_foreign(a) then return "skipped" end
  local each, level = a[1], a[2]
  if type(each) ~= "thread" then each, level = nil, a[1] end
  level = integer(level)
  if not level then return end
  if not each then return level < 1 and "skipped" or nil end
  local ok, info = pcall(getinfo, each, level, "S")
  if ok and info and info.what == "C" then return "core" end
end)
for _, name in next, { "setupvalue", "getupvalue" } do
  guard("debug." .. name, function(a)
    if type(a[1]) == "function" and getinfo(a[1], "S").what == "C" then return "core" end
  end)
end
for _, name in next, { "setmetatable", "setuservalue" } do
  guard("debug." .. name, function(a) if type(a[1]) == "userdata" then return "core" end end)
end
guard("setmetatable", function(a)
  if rawequal(a[1], E.strong[1]) or rawequal(a[1], E.strong[2]) then return "skipped" end
end)
`;
