/** What is done in Lua with what was accepted: all that a program could, and at the edges. */

/**
 * A chunk that defines `use(root)`, local to it: walks all that is reachable, checks each table
 * against itself, reads and writes at the edges, calls, resumes, collects. It returns nil, or what
 * it found: never an error, and nothing of it stays in the state.
 */
const definition = `
local type, next, rawget, rawset, rawlen, rawequal, pcall, tostring, select, getmetatable, error,
  collect, load, setmetatable = type, next, rawget, rawset, rawlen, rawequal, pcall, tostring,
  select, getmetatable, error, collectgarbage, load, setmetatable
local find = string and rawget(string, "find")
local co = coroutine or {}
local resume, status, close = co.resume, co.status, co.close
local isSkipped = {}
local skipped = {print, error, dofile, load, loadfile, collect, require or print, warn or print,
  os and os.exit or print, io and io.read or print, io and io.lines or print,
  io and io.open or print,
  io and io.popen or print, io and io.tmpfile or print, io and io.close or print, vault or print}
for i = 1, #skipped do isSkipped[skipped[i]] = true end
if debug then for _, f in next, debug do isSkipped[f] = true end end
local objectsMax, entriesMax = 20000, 20000
local edges = {0, -1, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 127, 128, 255, 256, 1000,
  4095, 4096, 65535, 65536, 0xfffff, 0x100000, 0x1000000, 0x7ffffff, 0x8000000, 0x10000000,
  0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff, 0x100000000, 1 << 53,
  math and math.mininteger or -1, 0x7fffffffffffffff, 0.5, 2.0 ^ 31, 2.0 ^ 53, -0.0, 1e308}
local written = {1, 2, 5, 9, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff, 0x10000001, 0.5}
local found
local function fail(what) found = found or what error("found", 0) end
local function checkString(s)
  if #s > 2000000 then fail("a string of " .. #s .. " bytes") end
  if find and find(s, "CANARY", 1, true) then fail("a value that nobody stored: the canary") end
end
local function checkTable(t, add)
  local seen, n = {}, 0
  local k, v = next(t)
  while k ~= nil do
    n = n + 1
    if n > entriesMax then fail("a traversal that never ends") end
    if k ~= k then fail("NaN is a key") end
    local got = rawget(t, k)
    if not rawequal(got, v) and v == v then fail("next and rawget differ") end
    if seen[k] then fail("one key twice") end
    seen[k] = true
    add(k) add(v)
    k, v = next(t, k)
  end
  local length = rawlen(t)
  if length < 0 or length > 0x1000000 then fail("a length beyond all entries") end
  if length > 0 and rawget(t, length) == nil or rawget(t, length + 1) ~= nil then
    fail("a length that is no border") end
  for i = 1, #edges do local e = edges[i]
    if rawget(t, e) ~= nil and not seen[e] then fail("a value that nobody stored: rawget") end end
  for i = length, length + 40 do
    if rawget(t, i) ~= nil and not seen[i] then fail("a value that nobody stored: rawget") end end
end
local function writeTable(t)
  for i = 1, #written do local e = written[i]
    local old = rawget(t, e)
    rawset(t, e, edges)
    if rawget(t, e) ~= edges then fail("what was written can't be read") end
    rawset(t, e, old)
  end
  for i = 1, 3 do local k = {} rawset(t, k, i) rawset(t, k, nil) end
end
local function call(f)
  if isSkipped[f] then return end
  pcall(f) pcall(f, 1) pcall(f, "x", 1, 2) pcall(f, edges, 1) pcall(f, nil, nil)
end
local function operate(v)
  pcall(function() return v.x end) pcall(function() return v[1] end)
  pcall(function() v.zz = nil end) pcall(function() return v + 1 end)
  pcall(function() return -v end) pcall(function() return #v end)
  pcall(function() return v .. v end) pcall(function() return v == edges end)
  pcall(function() return v < v end) pcall(function() return v() end)
  pcall(function() for a, b in pairs(v) do if a == nil then break end end end)
  local ok, text = pcall(tostring, v)
  if ok then checkString(text) end
end
local function methods(v)
  for _, name in next, {"close", "flush", "seek", "lines", "read", "write", "setvbuf", "x"} do
    pcall(function() local f = v[name] if name ~= "read" then f(v) end end)
  end
  pcall(function() return next(v) end)
end
local function thread(v)
  if not resume then return end
  for i = 1, 4 do if not pcall(resume, v, i, "x") then break end end
  pcall(status, v) pcall(close, v) pcall(resume, v)
end
local function walk(root)
  collect("stop")
  local known, order, queue, last, at = {}, {}, {}, 0, 1
  local function add(v)
    local kind = type(v)
    if kind == "string" then checkString(v)
    elseif kind ~= "number" and kind ~= "nil" and kind ~= "boolean" and not known[v] then
      known[v] = true
      if v == edges then return end
      last = last + 1 queue[last] = v
    end
  end
  add(root) add(getmetatable(""))
  while at <= last do
    local v = queue[at]
    at = at + 1
    if at > objectsMax then fail("objects without end") end
    if type(v) == "table" then checkTable(v, add) end
    add(getmetatable(v))
  end
  collect("restart")
  return queue
end
local function use(root, writes)
  local order = walk(root)
  for i = 1, #order do local v = order[i]
    local kind = type(v)
    if kind == "userdata" then methods(v) operate(v)
    elseif kind == "thread" then thread(v) operate(v)
    elseif kind == "function" then call(v) if getmetatable(v) then operate(v) end
    else operate(v) end
  end
  collect() collect("step", 100)
  if writes then
    for i = 1, #order do local v = order[i] if type(v) == "table" then writeTable(v) end end
  end
  order = nil
  collect() collect("generational") collect("step") collect("incremental") collect()
  walk(root)
end
local function tail(n) return find and ("x"):rep(n) or "" end
-- A mutant may have put other functions under these names: then it can't be used.
local function hasTools()
  local t = {7, x = 8}
  return next({7}) == 1 and rawget(t, "x") == 8 and rawlen(t) == 1 and rawequal(t, t) and
    type(t) == "table" and pcall(pcall) == false and select("#", 1, 2) == 2 and
    tostring(1) == "1" and getmetatable(t) == nil and collect("count") > 0
end
local function judge(root, writes)
  if not hasTools() then error("no tools") end
  local ok, message = pcall(use, root, writes)
  if found then return found end
  if not ok and find and find(tostring(message), "invalid key", 1, true) then
    return "next does not know its own key"
  end
end
`;

/** Of a whole state: all that its globals and the metatables of types lead to. */
export const useState = `${definition}
local s = {} for i = 1, 50 do s[i] = "CANARY" .. i .. tail(i) end s = nil
return judge(_ENV, true) or ""`;

/** Defined once in a state, called for each value; `_home.v` is read anew each time. */
export const defineUse = `${definition}
local secrets = {} for i = 1, 300 do secrets[i] = "CANARY" .. i .. tail(i % 90) end
function useValue()
  found = #secrets < 300 and "the secrets" or nil
  isSkipped[useValue] = true
  do local s = {} for i = 1, 40 do s[i] = "CANARY" .. i .. tail(i) end end
  local ok, v = pcall(function() return _home.v end)
  if not ok then return "refused" end
  local what = judge(v, true)
  if what then return what end
  pcall(function() _home.w = v local w = _home.w what = judge(w, false) _home.w = nil end)
  return what or ""
end`;

/** Of tables that a store gave. */
export const useTables = `${definition}
local what, seen = nil, {}
local function each(t)
  if seen[t] or what then return end
  seen[t] = true
  local n = 0
  for k, v in pairs(t) do n = n + 1
    if type(v) == "userdata" then each(v) else what = what or judge(v, true) end
    if n > 10000 then what = what or "a traversal that never ends" break end
  end
  pcall(function() if #t < 0 then what = "a negative length" end end)
  for k, v in pairs(t) do pcall(function() t[k] = v end) end
end
pcall(each, _home) pcall(each, ext.table("users")) pcall(each, ext.table("more"))
local new = ext.table()
if new == _home or seen[new] then what = what or "a new table that is an old one" end
for k in pairs(new) do what = what or "a new table that is not empty" end
return what or ""`;
