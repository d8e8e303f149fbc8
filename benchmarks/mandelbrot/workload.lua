-- The Mandelbrot set on a grid of `size` by `size` points: how many of them stay, and all steps.
local steps_max = 50
local stay, steps = 0, 0
for row = 0, size - 1 do
  local ci = 2.0 * row / size - 1.0
  for column = 0, size - 1 do
    local cr = 2.0 * column / size - 1.5
    local zr, zi, rr, ii = 0.0, 0.0, 0.0, 0.0
    local step = 0
    while step < steps_max and rr + ii <= 4.0 do
      zi = 2.0 * zr * zi + ci
      zr = rr - ii + cr
      rr, ii = zr * zr, zi * zi
      step = step + 1
    end
    steps = steps + step
    if rr + ii <= 4.0 then stay = stay + 1 end
  end
end
return stay .. " " .. steps
