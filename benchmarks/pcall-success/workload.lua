-- Protected calls that succeed, `size` of them. (Joined by xor, sums fit 32 bits too.)
local function same(value)
  return value
end
local joined = 0
for i = 1, size do
  local ok, value = pcall(same, i)
  if ok then joined = joined ~ value end
end
return joined
