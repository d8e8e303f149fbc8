-- 50,000 readings, about three times what Lua's own memory holds as tables: they lie in an external
-- table, and one pass over it needs room for one reading at a time.

local readings = ext.table("readings")
local count = 50000
local sensors = { "cellar", "roof", "yard" }

-- The same numbers in each run, whatever the seed of math.random.
local state = 1
local function noise()
  state = (state * 1103515245 + 12345) % 2147483648
  return state / 2147483648
end

for i = 1, count do
  readings[i] = { sensor = sensors[i % #sensors + 1], celsius = 10 + 20 * noise() }
end

local totals = {}
for _, reading in pairs(readings) do
  local total = totals[reading.sensor] or { count = 0, sum = 0, max = -math.huge }
  total.count = total.count + 1
  total.sum = total.sum + reading.celsius
  total.max = math.max(total.max, reading.celsius)
  totals[reading.sensor] = total
end

print(#readings .. " readings")
for _, sensor in ipairs(sensors) do
  local total = totals[sensor]
  local mean = total.sum / total.count
  print(string.format("%-6s  %d  mean %.2f  max %.2f", sensor, total.count, mean, total.max))
end
return totals
