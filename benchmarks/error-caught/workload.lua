-- Errors that are raised in a Lua function and caught by pcall, `size` of them.
local function fail(value)
  error(value, 0)
end
local joined = 0
for i = 1, size do
  local ok, value = pcall(fail, i)
  if not ok then joined = joined ~ value end
end
return joined
