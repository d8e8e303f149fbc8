-- A script of the size that applications evaluate: an order is made, priced, and told as a text.
local order = { { "bread", 2, 3.5 }, { "milk", 1, 1.2 }, { "apples", 6, 0.5 } }
local total, names = 0, {}
for _, line in ipairs(order) do
  local name, count, price = table.unpack(line)
  total = total + count * price
  names[#names + 1] = name:upper()
end
local discount = total > 10 and 0.9 or 1
return string.format("%s: %.2f", table.concat(names, "+"), total * discount)
