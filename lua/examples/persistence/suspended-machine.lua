-- A state machine without a table of states: its state is the place at which a coroutine waits,
-- inside of a loop, inside of pcall.

local function turnstile()
  local visitors, refused = 0, 0
  while true do
    local event = coroutine.yield("locked", visitors, refused)
    while event ~= "coin" do
      refused = refused + 1
      event = coroutine.yield("locked", visitors, refused)
    end
    local ok = pcall(function()
      if coroutine.yield("unlocked", visitors, refused) ~= "push" then error("coin twice") end
    end)
    if ok then visitors = visitors + 1 end
  end
end

local machine = coroutine.wrap(turnstile)
machine()

local events = coroutine.wrap(function()
  while true do
    for event in ("push coin push coin coin"):gmatch("%a+") do coroutine.yield(event) end
  end
end)

function go_on()
  local lines = {}
  for turn = 1, 4 do
    local event = events()
    local state, visitors, refused = machine(event)
    lines[turn] = ("%s: %s %d/%d"):format(event, state, visitors, refused)
  end
  return table.concat(lines, ", ")
end
