-- Patterns over a text of 40 lines, `size` times: find, match, gmatch, gsub with a text, a table
-- and a function.
local lines = {}
for i = 1, 40 do
  lines[i] = ("user%d@host%d.example  GET /item/%d?size=%d&name=x%dy  ok\n"):format(
    i % 7, i % 5, i * 13, i * 31 % 97, i)
end
local text = table.concat(lines)
local names = { user1 = "ann", user2 = "bob", user3 = "cyd" }

local found, length = 0, 0
for _ = 1, size do
  local start = 1
  while true do
    local first, last, number = text:find("item/(%d+)", start)
    if not first then break end
    found = found + tonumber(number)
    start = last + 1
  end
  for user, host in text:gmatch("(%w+)@([%w.]+)") do length = length + #user + #host end
  for key, value in text:gmatch("([%a]+)=([^&%s]*)") do length = length + #key + #value end
  local renamed, count = text:gsub("user%d", names)
  local shortened = renamed:gsub("%s+", " ")
  local marked = shortened:gsub("%d+", function(digits) return "#" .. #digits end)
  found = found + count
  length = length + #renamed + #shortened + #marked
  if text:match("^%s*(.-)%s*$") == "" then return "no text" end
end
return found .. " " .. length
