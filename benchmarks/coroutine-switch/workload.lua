-- Switches into a coroutine and back by its yield, `size` pairs of them.
local counter = coroutine.create(function()
  local count = 0
  while true do
    count = count + 1
    coroutine.yield(count)
  end
end)
local joined = 0
for _ = 1, size do
  local _, count = coroutine.resume(counter)
  joined = joined ~ count
end
return joined
