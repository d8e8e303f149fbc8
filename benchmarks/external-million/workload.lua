-- More entries than the memory would hold: `size` are set under integers, then looped over.
local items = ext.table()
for i = 1, size do
  items[i] = i
end
local sum = 0
for _, value in pairs(items) do
  sum = sum + value
end
return sum
