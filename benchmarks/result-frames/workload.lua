-- A large result: `size` records with texts, integers, floats and booleans.
local records = {}
for i = 1, size do
  records[i] = { id = i, name = "record " .. i, share = i / 2, is_even = i % 2 == 0 }
end
return #records, records
