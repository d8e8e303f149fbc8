-- The native peer's side: reads requests on stdin, answers each with a line of JSON on stdout.
--
-- A request is a line "<bytes> <repeats> <evals>" and that many bytes of Lua code. The code is
-- compiled and run `repeats` times `evals` times; repeats 0 runs it once without the time. The
-- answer holds the seconds of all of it and a value for each repetition:
--   {"seconds":0.012,"values":[55,55]}   or   {"error":"the message"}
--
-- The clock is the host program's (zig/native/peer.zig): seconds that go on while others run.
local clock = monotonic_seconds

local function quoted(text)
  local escaped = text:gsub('[%c"\\\128-\255]', function(byte)
    return ("\\u%04x"):format(byte:byte())
  end)
  return '"' .. escaped .. '"'
end

local function json(value)
  if value == nil then return "null" end
  if math.type(value) == "integer" then return ("%d"):format(value) end
  if type(value) == "number" then return ("%.17g"):format(value) end
  if type(value) == "boolean" then return tostring(value) end
  if type(value) == "string" then return quoted(value) end
  error("the program returned a " .. type(value))
end

local function evaluate(code)
  return assert(load(code, "=eval", "t"))()
end

local function evaluate_all(code, evals)
  local first = evaluate(code)
  for _ = 2, evals do
    if evaluate(code) ~= first then error("the evals of one execution gave different values") end
  end
  return first
end

local function answer(code, repeats, evals)
  if repeats == 0 then
    evaluate(code)
    return '{"seconds":0,"values":[]}'
  end
  local values = {}
  collectgarbage()
  local start = clock()
  for i = 1, repeats do values[i] = evaluate_all(code, evals) end
  local seconds = clock() - start
  for i = 1, repeats do values[i] = json(values[i]) end
  return ('{"seconds":%.9f,"values":[%s]}'):format(seconds, table.concat(values, ","))
end

for line in io.lines() do
  local bytes, repeats, evals = line:match("^(%d+) (%d+) (%d+)$")
  local code = io.read(tonumber(bytes))
  local ok, text = pcall(answer, code, tonumber(repeats), tonumber(evals))
  if not ok then text = '{"error":' .. quoted(tostring(text)) .. "}" end
  io.write(text, "\n")
  io.flush()
end
