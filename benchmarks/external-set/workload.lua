-- Sets `size` entries of an external table under keys that are strings.
local items = ext.table()
for i = 1, size do
  items["k" .. i] = i
end
return #items
