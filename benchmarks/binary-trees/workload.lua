-- Binary trees that live short, beside one of depth `size` that lives long; their nodes counted.
local function bottom_up(depth)
  if depth == 0 then return {} end
  return { bottom_up(depth - 1), bottom_up(depth - 1) }
end

local function count(tree)
  if tree[1] == nil then return 1 end
  return 1 + count(tree[1]) + count(tree[2])
end

local long_lived = bottom_up(size)
local nodes = 0
for depth = 2, size, 2 do
  for _ = 1, 10 << (size - depth) do
    nodes = nodes + count(bottom_up(depth))
  end
end
return nodes + count(long_lived)
