/** The fuzz target `stdlib`: numbers to text and back, arithmetic, dates, as stock Lua has them. */
import fc from "fast-check";
import type { FuzzTarget } from "../../harness/fuzz/target.ts";
import { exclusions } from "./exclusions.ts";
import { lines } from "./fuzz-cases.ts";

/** What a case calls. Each adds a line to the answer; an error's message is as good as a value. */
const prelude = `
local pack, unpack, plain = string.pack, string.unpack, string.format
local answers = {}

-- A float by its bits.
function d(bits) return (unpack("<d", pack("<i8", bits))) end

-- Exact, and without the conversions that are being tested.
local function show(value)
  if math.type(value) ~= "float" then return tostring(value) end
  if value ~= value then return "nan" end
  return plain("f%016x", (unpack("<i8", pack("<d", value))))
end

local function put(...)
  local shown = {}
  for i = 1, select("#", ...) do shown[i] = show((select(i, ...))) end
  answers[#answers + 1] = table.concat(shown, " ")
end

function call(...) put(pcall(...)) end
function format(...) put(pcall(plain, ...)) end

-- A float's texts, and what is read from them.
function back(x)
  local short, exact, hexadecimal = tostring(x), plain("%.17g", x), plain("%a", x)
  put(short, tonumber(short), exact, tonumber(exact), hexadecimal, tonumber(hexadecimal))
end

-- What lies below 2^-1021 is not compared (exclusions.ts).
local function known(value)
  if math.type(value) ~= "float" or math.abs(value) >= 0x1p-1021 or value ~= value then
    return value
  end
  return "tiny"
end

-- The same text as a string that is converted and as a numeral of the language.
function numeral(text)
  local chunk, problem = load("return " .. text, "=numeral")
  local value = tonumber(text)
  put(known(value), math.type(value))
  if not chunk then return put(problem) end
  local ok, result = pcall(chunk)
  put(ok, known(result))
end

function packed(format, x)
  if x ~= x then return put("nan") end
  local bytes = pack(format, x)
  put(bytes:byte(1, -1))
  put((unpack(format, bytes)))
end

function time(fields)
  local ok, instant = pcall(os.time, fields)
  put(ok, instant, fields.year, fields.month, fields.day, fields.hour, fields.min, fields.sec)
  if ok then put(fields.wday, fields.yday, fields.isdst) end
end

function add(a, b) return a + b end
function sub(a, b) return a - b end
function mul(a, b) return a * b end
function div(a, b) return a / b end
function idiv(a, b) return a // b end
function mod(a, b) return a % b end
function band(a, b) return a & b end
function shl(a, b) return a << b end
function unm(a) return -a end
function bnot(a) return ~a end
function square(a) return a ^ 2 end
function compare(a, b) return a < b, a <= b, a == b, a > b, a >= b end

-- Not the functions themselves: under two names, an error could give either.
for _, name in ipairs{"fmod", "ult", "sqrt", "floor", "ceil", "tointeger", "abs", "modf"} do
  local original = math[name]
  _G[name] = function(...) return original(...) end
end

function finish()
  local answer = table.concat(answers, "\\n")
  answers = {}
  return answer
end
`;

const casesPerProgram = 500;

export const stdlibTarget: FuzzTarget = {
  name: "stdlib",
  title: "formats, numerals, arithmetic, dates: the same text as stock Lua on musl",
  prelude,
  casesPerProgram,
  // So many on average, and a little more: fast-check draws the length evenly, down to one.
  programs: fc
    .noBias(fc.array(lines, { minLength: 1, maxLength: 2 * casesPerProgram + 60, size: "max" }))
    .map((drawn) => [...drawn, "return finish()"].join("\n")),
  exclusions,
};
