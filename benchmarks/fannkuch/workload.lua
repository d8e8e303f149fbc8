-- All permutations of 1 to `size` (by Heap's algorithm); of each, how often its head must be
-- flipped until 1 leads: the most flips, and all of them.
local cards, work, turns = {}, {}, {}
for i = 1, size do cards[i], turns[i] = i, 1 end

local most, total = 0, 0
local function flip_all()
  for i = 1, size do work[i] = cards[i] end
  local flips = 0
  local head = work[1]
  while head ~= 1 do
    local low, high = 1, head
    while low < high do
      work[low], work[high] = work[high], work[low]
      low, high = low + 1, high - 1
    end
    flips = flips + 1
    head = work[1]
  end
  if flips > most then most = flips end
  total = total + flips
end

flip_all()
local place = 2
while place <= size do
  local turn = turns[place]
  if turn < place then
    local other = place % 2 == 0 and turn or 1
    cards[place], cards[other] = cards[other], cards[place]
    flip_all()
    turns[place] = turn + 1
    place = 2
  else
    turns[place] = 1
    place = place + 1
  end
end
return most .. " " .. total
