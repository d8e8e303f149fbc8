-- table.sort of `size` pseudo-random integers: by the order of numbers, then by a function that
-- turns it round; both orders are checked.
local numbers, state = {}, 42
for i = 1, size do
  state = (state * 3877 + 29573) % 139968
  numbers[i] = state
end
table.sort(numbers)
for i = 2, size do
  if numbers[i - 1] > numbers[i] then return "out of order at " .. i end
end
local ends = numbers[1] + numbers[size // 2] * 2 + numbers[size] * 3
table.sort(numbers, function(a, b) return a > b end)
for i = 2, size do
  if numbers[i - 1] < numbers[i] then return "not turned round at " .. i end
end
return ends + numbers[1]
