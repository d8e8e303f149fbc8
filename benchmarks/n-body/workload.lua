-- Gravity between a sun and four planets, `size` steps of symplectic Euler; the energy is checked.
local sqrt = math.sqrt

-- Planets on circles round the sun, tilted a little: distance, mass, angle in steps of a right one.
local function planet(distance, mass, quarter)
  local x, y = distance, 0.0
  for _ = 1, quarter do x, y = -y, x end
  local speed = sqrt(40.0 / distance) / distance
  return {
    x = x, y = y, z = distance / 64,
    vx = -y * speed, vy = x * speed, vz = 0.0,
    mass = mass,
  }
end

local bodies = {
  { x = 0.0, y = 0.0, z = 0.0, vx = 0.0, vy = 0.0, vz = 0.0, mass = 40.0 },
  planet(5.0, 0.0375, 0),
  planet(9.5, 0.0113, 1),
  planet(19.25, 0.0017, 2),
  planet(30.0, 0.002, 3),
}

-- The sun gets the momentum that makes the sum nothing.
local sun = bodies[1]
for i = 2, #bodies do
  local body = bodies[i]
  local part = body.mass / sun.mass
  sun.vx, sun.vy = sun.vx - body.vx * part, sun.vy - body.vy * part
end

local function energy()
  local sum = 0.0
  for i, a in ipairs(bodies) do
    sum = sum + 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz)
    for j = i + 1, #bodies do
      local b = bodies[j]
      local dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
      sum = sum - a.mass * b.mass / sqrt(dx * dx + dy * dy + dz * dz)
    end
  end
  return sum
end

local function advance(step)
  local count = #bodies
  for i = 1, count do
    local a = bodies[i]
    local vx, vy, vz = a.vx, a.vy, a.vz
    for j = i + 1, count do
      local b = bodies[j]
      local dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
      local square = dx * dx + dy * dy + dz * dz
      local pull = step / (square * sqrt(square))
      local on_a, on_b = b.mass * pull, a.mass * pull
      vx, vy, vz = vx - dx * on_a, vy - dy * on_a, vz - dz * on_a
      b.vx, b.vy, b.vz = b.vx + dx * on_b, b.vy + dy * on_b, b.vz + dz * on_b
    end
    a.vx, a.vy, a.vz = vx, vy, vz
    a.x, a.y, a.z = a.x + step * vx, a.y + step * vy, a.z + step * vz
  end
end

local before = energy()
for _ = 1, size do advance(0.01) end
return string.format("%.9f %.9f", before, energy())
