-- A counter whose count is in nobody's table: it is a variable that two functions share.

local function make_counter()
  local count = 0
  local function increase() count = count + 1 return count end
  local function look() return count end
  return increase, look
end

local increase, look = make_counter()
increase()
increase()

-- Called in the process that saves, and again in the one that goes on.
function go_on()
  local before = look()
  return ("counted from %d to %d"):format(before, increase())
end
