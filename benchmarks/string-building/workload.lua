-- Texts made of pieces, `size` rounds: joined one by one, by table.concat, by rep, upper, reverse,
-- sub, and bytes; the characters are counted and summed.
local length, sum = 0, 0
for i = 1, size do
  local line = ""
  for j = 1, 8 do line = line .. "<" .. (i + j) .. ">" end
  local pieces = {}
  for j = 1, 16 do pieces[j] = line:sub(j, j + 4) end
  local text = table.concat(pieces, ",")
  text = text:upper():reverse() .. ("="):rep(i % 40)
  length = length + #text
  sum = (sum + text:byte(1) * 3 + text:byte(#text // 2) + text:byte(-1)) % 65536
end
return length .. " " .. sum
