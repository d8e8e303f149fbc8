-- A module whose local functions call each other: a parser of sums in brackets, which counts.

package.preload["sums"] = function(name)
  local M = { name = name, parsed = 0 }
  local sum

  local function term(text, place)
    if text:sub(place, place) ~= "(" then
      local digits, following = text:match("^(%d+)()", place)
      return tonumber(digits), following
    end
    local value, closing = sum(text, place + 1)
    return value, closing + 1
  end

  function sum(text, place)
    local value, following = term(text, place)
    while text:sub(following, following) == "+" do
      local more
      more, following = term(text, following + 1)
      value = value + more
    end
    return value, following
  end

  function M.parse(text)
    M.parsed = M.parsed + 1
    return (sum(text, 1))
  end

  return M
end

local sums = require("sums")

function go_on()
  local text = "1+(2+(3+4))+(" .. sums.parsed .. ")"
  local is_same = require("sums") == sums
  return ("%s = %d, sum %d of %s, %s"):format(text, sums.parse(text), sums.parsed, sums.name,
    is_same and "the same module" or "another module")
end
