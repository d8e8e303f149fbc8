-- The spectral norm of an endless matrix, cut to `size` rows, by the power method.
local function element(i, j)
  local diagonal = i + j
  return 1.0 / (diagonal * (diagonal + 1) / 2 + i + 1)
end

local function multiply(vector, result)
  for i = 0, size - 1 do
    local sum = 0.0
    for j = 0, size - 1 do sum = sum + element(i, j) * vector[j] end
    result[i] = sum
  end
end

local function multiply_transposed(vector, result)
  for i = 0, size - 1 do
    local sum = 0.0
    for j = 0, size - 1 do sum = sum + element(j, i) * vector[j] end
    result[i] = sum
  end
end

local u, v, between = {}, {}, {}
for i = 0, size - 1 do u[i] = 1.0 end
for _ = 1, 5 do
  multiply(u, between)
  multiply_transposed(between, v)
  multiply(v, between)
  multiply_transposed(between, u)
end
local product, square = 0.0, 0.0
for i = 0, size - 1 do
  product = product + u[i] * v[i]
  square = square + v[i] * v[i]
end
return string.format("%.9f", math.sqrt(product / square))
