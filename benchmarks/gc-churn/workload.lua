-- Garbage of many kinds, `size` rounds of it, while a window of 500 objects stays alive.
local window, live_max = {}, 500
local sum = 0
for i = 1, size do
  local name = "object " .. i
  local object = { id = i, name = name, parts = { i, i + 1, i + 2 } }
  object.size = function() return #object.name + #object.parts end
  local place = i % live_max + 1
  local old = window[place]
  if old then sum = sum + old.size() + old.parts[2] % 10 end
  window[place] = object
end
return sum
