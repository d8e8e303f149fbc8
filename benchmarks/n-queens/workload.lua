-- In how many ways `size` queens stand on a board of that size without a threat.
local columns, rising, falling = {}, {}, {}

local function place(row)
  if row > size then return 1 end
  local ways = 0
  for column = 1, size do
    local up, down = row + column, row - column + size
    if not (columns[column] or rising[up] or falling[down]) then
      columns[column], rising[up], falling[down] = true, true, true
      ways = ways + place(row + 1)
      columns[column], rising[up], falling[down] = false, false, false
    end
  end
  return ways
end

return place(1)
