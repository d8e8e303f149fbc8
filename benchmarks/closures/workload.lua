-- Functions made and called: counters that share an upvalue, composition, map and fold.
local function counter()
  local count = 0
  return function(by) count = count + by; return count end, function() return count end
end

local function compose(f, g)
  return function(x) return f(g(x)) end
end

local function map(list, f)
  local mapped = {}
  for i = 1, #list do mapped[i] = f(list[i]) end
  return mapped
end

local function fold(list, f, start)
  for i = 1, #list do start = f(start, list[i]) end
  return start
end

local list = {}
for i = 1, 16 do list[i] = i end

local add, total = counter()
for i = 1, size do
  local shift = function(x) return x + i % 7 end
  local double = function(x) return x * 2 end
  local both = compose(double, compose(shift, double))
  local sum = fold(map(list, both), function(a, b) return a + b end, 0)
  add(sum % 100)
end
return total()
