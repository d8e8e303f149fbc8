-- Fibonacci numbers that are computed once: what is known already is saved with the function.

local known, computed = {}, 0

local function fib(n)
  if n < 2 then return n end
  if not known[n] then
    computed = computed + 1
    known[n] = fib(n - 1) + fib(n - 2)
  end
  return known[n]
end

local next_n = 30

function go_on()
  local before = computed
  local line = ("fib(%d) = %d, %d of them new"):format(next_n, fib(next_n), computed - before)
  next_n = next_n + 10
  return line
end
