-- table.sort of `size` pseudo-random integers, which are made here; the order is checked.
local numbers, state = {}, 42
for i = 1, size do
  state = (state * 1103515245 + 12345) % 2147483648
  numbers[i] = state
end
table.sort(numbers)
for i = 2, size do
  if numbers[i - 1] > numbers[i] then return "out of order at " .. i end
end
return numbers[1] + numbers[size // 2] + numbers[size]
