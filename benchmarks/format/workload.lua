-- string.format in the conversions that programs use, `size` times, and numbers back from texts.
local format = string.format
local length, sum = 0, 0
for i = 1, size do
  local a = format("%5d|%-8s|%x", i, "id" .. i, i)
  local b = format("%.2f %8.3f", i / 8, i / 16)
  local c = format("%q %s %s", "a\nb", i % 2 == 0, nil)
  local d = format("%05d%%%c", i % 1000, 65 + i % 26)
  length = length + #a + #b + #c + #d
  sum = sum + tonumber(a:sub(1, 5)) % 10 + tonumber(d:sub(1, 5))
end
return length .. " " .. sum % 65536
