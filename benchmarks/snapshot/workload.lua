-- A state as applications keep it: `size` objects with a class, texts and closures, an index by
-- name, and a coroutine that is suspended in a loop over them.
local Item = {}
Item.__index = Item
function Item:value() return self.price * self.count end

items, by_name = {}, {}
for i = 1, size do
  local item = setmetatable({ name = "item " .. i, price = i % 10 + 1, count = i % 3 }, Item)
  item.describe = function() return item.name .. ": " .. item:value() end
  items[i], by_name[item.name] = item, item
end

walk = coroutine.wrap(function()
  while true do
    for i, item in ipairs(items) do coroutine.yield(i + item:value()) end
  end
end)
walk()

-- The same each time: a saved state is checked when it is back, and the state goes on.
function execute()
  local sum = 0
  for i, item in ipairs(items) do
    if by_name[item.name] ~= item then return "not the same at " .. i end
    sum = sum + item:value() + #item.describe()
  end
  for _ = 1, #items do sum = sum + walk() end
  return sum
end
