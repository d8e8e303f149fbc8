-- A turnstile: the table says which event leads from which state to which. The state itself lies in
-- `_home`, so that it stays when the script is run again; a coroutine watches the events go by.

local transitions = {
  locked = { coin = "unlocked", push = "locked" },
  unlocked = { coin = "unlocked", push = "locked" },
}

_home.turnstile = _home.turnstile or "locked"

-- Runs suspended between the calls of the host: a coroutine stays in the core's state.
local watch = coroutine.wrap(function(event)
  local visitors = 0
  while true do
    if event == "push" and _home.turnstile == "unlocked" then visitors = visitors + 1 end
    event = coroutine.yield(visitors)
  end
end)

-- The host sends events: core.call("turnstile", "coin"). Returns the new state and the visitors.
function turnstile(event)
  local state = _home.turnstile
  local following = transitions[state][event]
  if not following then error("the turnstile knows no event " .. tostring(event), 2) end
  local visitors = watch(event)
  _home.turnstile = following
  return following, visitors
end

for _, event in ipairs({ "push", "coin", "push", "push" }) do
  local before = _home.turnstile
  local after, visitors = turnstile(event)
  print(string.format("%-4s  %s -> %s  visitors: %d", event, before, after, visitors))
end
return _home.turnstile
