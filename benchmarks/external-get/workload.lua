-- Gets of the `size` entries of an external table under keys that are strings.
local items = ext.table()
for i = 1, size do
  items["k" .. i] = i
end

function execute()
  local sum = 0
  for i = 1, size do
    sum = sum + items["k" .. i]
  end
  return sum
end
