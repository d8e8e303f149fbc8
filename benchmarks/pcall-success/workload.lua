-- Protected calls that succeed, `size` of them.
local function same(value)
  return value
end
local sum = 0
for i = 1, size do
  local ok, value = pcall(same, i)
  if ok then sum = sum + value end
end
return sum
