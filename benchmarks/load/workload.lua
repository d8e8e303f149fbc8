-- Compiling: the text of `size` functions, as `load` takes it; the chunk is run as a check.
local pieces = {}
for i = 1, size do
  pieces[i] = ([[
local function f#(a, b, ...)
  local t = { x = a, y = b, name = "f#", [-#] = #, ... }
  if a > # and b ~= nil then return t.x * # + b
  elseif a == # then t.y = t.y - 1 end
  for i = 1, a % 3 do t[#t + 1] = function(z) return z + i + # end end
  while b > # do b = b - #; if b == 1 then break end end
  return #t + (t.y or 0) // 2, t.name .. "!"
end
sum = sum + f#(#, # + 1)
]]):gsub("#(%A)", function(after) return i .. after end)
  -- A chunk has at most 200 locals.
  pieces[i] = "do " .. pieces[i] .. "end\n"
end
local source = "local sum = 0\n" .. table.concat(pieces) .. "return sum\n"

function execute()
  return assert(load(source))()
end
