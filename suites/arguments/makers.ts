/** What programs make their arguments with, as Lua code of the prelude. */

/** All that these make lives until the program ends, so that no weak table shows a collection. */
export const makers = `
E.huge, E.nan, E.main, E.stdout, E.stdin, E.stderr = math.huge, nan, main, stdout, stdin, io.stderr
E.home = _home
E.rep = rep

local function kept(value)
  alive[#alive + 1] = value
  return value
end
function E.T(t) return kept(t) end
function E.M(t, meta) return setmetatable(kept(t), meta) end
function E.r(place) return ring[#ring + 1 - place] end
function E.q(place) return core_ring[#core_ring + 1 - place] end
-- As a key: no table takes NaN.
function E.key(float) return float == float and float or "nan" end
function E.many(count)
  local t = {}
  for place = 1, count do t[place] = place % 7 end
  return kept(t)
end
function E.itself()
  local t = {}
  t[1], t.x = t, 1
  return kept(t)
end
function E.f(name) return F[name] or error("there is no " .. name, 0) end

-- Each with upvalues of its own, which debug.setupvalue may change.
function E.ret(...)
  local count, a, b = select("#", ...), ...
  if count > 1 then return kept(function() return a, b end) end
  return kept(function() return a end)
end
function E.raise(value)
  local raise = error
  return kept(function() raise(value, 0) end)
end
function E.yields(value)
  local give = yield
  return kept(function(...) return give(value, ...) end)
end
function E.sets(key, value)
  local set, protected = rawset, pcall
  return kept(function(t) protected(set, t, key, value) return value end)
end
function E.remeta(meta)
  local set, protected = setmetatable, pcall
  return kept(function(t) protected(set, t, meta) return t end)
end
function E.collects()
  local collect, steps = collectgarbage, E.steps
  return kept(function(...)
    steps(7)
    collect("collect")
    local t = {}
    for place = 1, 20 do t[place] = { place } end
    return ...
  end)
end
function E.identity(...) return ... end
function E.reversed(a, b) return b, a end
function E.less(a, b) return a < b end
function E.greater(a, b) return a > b end
function E.always() return true end
function E.never() return false end

function E.co(state, f)
  if state == "new" then return kept(create(f or function(...) return yield(...) end)) end
  if state == "failed" then
    local each = kept(create(function() error("failed", 0) end))
    resume(each)
    return each
  end
  local each = kept(create(function(...)
    local a, b = 1, "two"
    if state == "closing" then
      local closing <close> = setmetatable({}, { __close = function() error("closed", 0) end })
      yield(a)
    end
    if state == "suspended" then yield(yield(a, b)) end
  end))
  resume(each)
  return each
end

-- What holds what is made while the collector marks: an upvalue, a coroutine's stack.
function E.begin()
  local held
  local function recursive(...) return 1 + recursive(...) end
  E.recursive = recursive
  E.holder = function() return held end
  E.keeper = create(function(...)
    local first, latest = ..., nil
    while true do latest = yield(first) end
  end)
  if not native then
    E.table_a, E.table_new = ext.table("a"), ext.table()
  end
end
function E.told()
  put("holder " .. show(E.holder(), "exact", 0))
  if status(E.keeper) == "suspended" then
    local _, first = resume(E.keeper)
    put("keeper " .. show(first, "exact", 0))
  end
end
`;
