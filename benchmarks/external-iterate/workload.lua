-- A loop with pairs over an external table of `size` entries: keys are strings and integers.
local items = ext.table()
for i = 1, size do
  items[i % 2 == 0 and i or "k" .. i] = i
end

function execute()
  local sum, texts = 0, 0
  for key, value in pairs(items) do
    sum = sum + value
    if type(key) == "string" then texts = texts + 1 end
  end
  return sum + texts
end
