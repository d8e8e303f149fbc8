-- A tight loop of integer arithmetic, `size` times round.
local sum = 0
for i = 1, size do
  sum = sum + (i & 7)
end
return sum
