/** Every way that a script can nest calls in the core's stack, and the error that ends each. */

export interface Way {
  /** As in the case's id. */
  readonly name: string;
  /** What nests, for a person. */
  readonly what: string;
  /** Nests without end, or as deep as it can, and raises where it may go no further. */
  readonly code: string;
  /** Part of the error's message. */
  readonly ends: RegExp;
}

const overflow = /stack overflow/;

/** An object whose metamethod asks for the same operation again. */
function metamethod(event: string, operation: string): string {
  return `local mt, o = {}, nil
    mt.${event} = function(a, b) return ${operation} end
    o = setmetatable({}, mt)
    local a, b = o, setmetatable({}, mt)
    return ${operation}`;
}

const nestedLevels = 10_000;

/** An expression that is `open`, `middle` and `close`, nested too deep to be compiled. */
function nested(open: string, middle: string, close: string): string {
  return `local open, close = ("${open}"):rep(${nestedLevels}), ("${close}"):rep(${nestedLevels})
    assert(load("return " .. open .. "${middle}" .. close))`;
}

function nestedStatement(open: string, close: string): string {
  return `local open, close = ("${open} "):rep(${nestedLevels}), (" ${close}"):rep(${nestedLevels})
    assert(load(open .. close))`;
}

/** Recursion of gsub, the deepest there is, that does `leaf` at every level first. */
function gsubWith(leaf: string): string {
  return `local function f(s) ${leaf} return (string.gsub(s, ".", f)) end
    return f("x")`;
}

const libraries: readonly Way[] = [
  { name: "gsub", what: "a replacement of gsub", code: gsubWith(""), ends: overflow },
  {
    name: "sort",
    what: "a comparison of table.sort",
    code: `local function f() table.sort({3, 2, 1}, f) return false end
      return f()`,
    ends: overflow,
  },
  {
    name: "tostring",
    what: "__tostring by tostring",
    code: `local mt = {}
      mt.__tostring = function(o) return tostring(o) end
      return tostring(setmetatable({}, mt))`,
    ends: overflow,
  },
  {
    name: "format",
    what: "__tostring by string.format",
    code: `local mt = {}
      mt.__tostring = function(o) return string.format("%10.3s", o) end
      return tostring(setmetatable({}, mt))`,
    ends: overflow,
  },
  {
    name: "print",
    what: "__tostring by print",
    code: `local mt = {}
      mt.__tostring = function(o) print(o) return "" end
      print(setmetatable({}, mt))`,
    ends: overflow,
  },
  {
    name: "load-reader",
    what: "a reader of load",
    code: `local function f() return error(select(2, load(f)), 0) end
      return f()`,
    ends: overflow,
  },
  {
    name: "load-chunk",
    what: "a loaded chunk",
    code: `function nest() return (assert(load("return (nest())"))()) end
      return nest()`,
    ends: /overflow|not enough memory/,
  },
  {
    name: "pcall",
    what: "pcall, whose errors go on",
    code: `local function f() return error(select(2, pcall(f)), 0) end
      return f()`,
    ends: overflow,
  },
  {
    name: "xpcall",
    what: "xpcall, whose errors go on",
    code: `local function f() return error(select(2, xpcall(f, debug.traceback)), 0) end
      return f()`,
    // The handler of the last one has no room for its own call.
    ends: /error in error handling|stack overflow/,
  },
  {
    name: "message-handler",
    what: "a message handler that fails",
    code: `local function h() return (select(2, xpcall(error, h))) end
      error(h(), 0)`,
    ends: /error in error handling|overflow/,
  },
  {
    name: "error-in-handler",
    what: "an error in a message handler",
    code: `local _, message = xpcall(error, function() error("again") end)
      error(message, 0)`,
    ends: /error in error handling|overflow/,
  },
  {
    name: "wrap",
    what: "coroutines within coroutines",
    code: `local function f() return (coroutine.wrap(f)()) end
      local _, message = pcall(f)
      error(message:sub(-40), 0)`,
    ends: overflow,
  },
  {
    name: "resume",
    what: "coroutines resumed within coroutines, whose errors go on",
    code: `local function f() return error(select(2, coroutine.resume(coroutine.create(f))), 0) end
      return f()`,
    ends: overflow,
  },
  {
    name: "require",
    what: "a module that requires itself",
    code: `package.preload.nest = function() package.loaded.nest = nil return require "nest" end
      return require "nest"`,
    ends: overflow,
  },
  {
    name: "pairs",
    what: "__pairs by pairs",
    code: `local mt = {}
      mt.__pairs = function(o) return pairs(o) end
      for _ in pairs(setmetatable({}, mt)) do end`,
    ends: overflow,
  },
  {
    name: "unpack",
    what: "__index by table.unpack",
    code: `local mt = {}
      mt.__index = function(o) return table.unpack(o, 1, 2) end
      return table.unpack(setmetatable({}, mt), 1, 2)`,
    ends: overflow,
  },
  {
    name: "pattern",
    what: "a pattern of many optional items",
    code: `return string.find(("a"):rep(1000), ("a?"):rep(1000) .. "b")`,
    ends: /pattern too complex/,
  },
];

const language: readonly Way[] = [
  {
    name: "lua-calls",
    what: "calls of Lua functions, which take Lua's stack alone",
    code: "local function f() return 1 + f() end return f()",
    ends: overflow,
  },
  ...Object.entries({
    __index: "a.x",
    __newindex: "(function() a.x = 1 end)()",
    __concat: "a .. b",
    __eq: "a == b",
    __lt: "a < b",
    __le: "a <= b",
    __len: "#a",
    __unm: "-a",
    __add: "a + b",
    __idiv: "a // b",
    __band: "a & b",
  }).map(([event, operation]) => ({
    name: event.slice(2),
    what: `${event} by ${operation}`,
    code: metamethod(event, operation),
    ends: overflow,
  })),
  {
    name: "call-chain",
    what: "__call that is the object itself",
    code: `local mt = {}
      mt.__call = setmetatable({}, mt)
      return mt.__call()`,
    ends: overflow,
  },
  {
    name: "index-chain",
    what: "__index that is a table with __index, and so on",
    code: `local o = {}
      for _ = 1, ${nestedLevels} do o = setmetatable({}, {__index = o}) end
      return o.x`,
    ends: /chain too long/,
  },
  {
    name: "close",
    what: "__close that closes another variable",
    code: `local function f() local x <close> = setmetatable({}, {__close = f}) end
      return f()`,
    ends: overflow,
  },
  {
    name: "for-close",
    what: "the closing value of a loop",
    code: `local function f()
        for _ in next, {}, nil, setmetatable({}, {__close = function() f() end}) do end
      end
      return f()`,
    ends: overflow,
  },
  {
    name: "finalizer",
    what: "a finalizer that nests as deep as it can",
    code: `local deepest
      setmetatable({}, {__gc = function()
        local function f(s) return (string.gsub(s, ".", f)) end
        deepest = select(2, pcall(f, "x"))
      end})
      collectgarbage()
      error(deepest, 0)`,
    ends: overflow,
  },
];

const parser: readonly Way[] = [
  ...[
    ["parentheses", nested("(", "1", ")")],
    ["tables", nested("{", "", "}")],
    ["calls", nested("f(", "1", ")")],
    ["indices", nested("a[", "1", "]")],
    ["functions", nested("function() return ", "1", " end")],
    ["unary", nested("- ", "1", "")],
    ["exponents", nested("2^", "1", "")],
    ["concatenations", nested("a..", "a", "")],
    ["blocks", nestedStatement("do", "end")],
    ["loops", nestedStatement("while x do", "end")],
    ["repeats", nestedStatement("repeat", "until x")],
    ["conditions", nestedStatement("if x then", "end")],
    ["local-functions", nestedStatement("local function f()", "end")],
  ].map(([name = "", code = ""]) => ({
    name: `parser-${name}`,
    what: `${name}, nested in the source`,
    code,
    ends: /overflow|too many C levels|chunk has too many/,
  })),
  {
    name: "dump",
    what: "string.dump of the deepest nest of functions that compiles",
    code: `local deepest
      for depth = 1, 250 do
        local f = load(("return function() "):rep(depth) .. (" end"):rep(depth))
        if not f then break end
        deepest = string.dump(f)
      end
      error("dumped " .. #deepest, 0)`,
    ends: /dumped \d+/,
  },
];

/** What takes much of the stack in one piece, done at every level of the deepest recursion. */
const leaves: readonly Way[] = Object.entries({
  format: 'string.format("%99.99f", -1e308)',
  numeral: 'tonumber(("1"):rep(190) .. "." .. ("3"):rep(9) .. "e-300")',
  date: 'os.date("%c %x %X %Y", 0)',
  concat: 'table.concat({1, 2.5, "x"}, ", ")',
  pack: 'string.pack("s4 n j !8", s, 1.5, 7)',
  traceback: "debug.traceback('', 1)",
  load: 'load("local a <close> = nil; return {1, f(2, function() end)}")',
  "external-table": "_home.x = {{{1}, 2.5}, s}; local _ = _home.x[1]",
  "external-nest": "_home.x = nest; local _ = _home.x",
  printing: "print(s, 1.5, nil)",
  finder: 'string.find("x" .. s, ("a?"):rep(150) .. "x")',
}).map(([name, leaf]) => ({
  name: `gsub-${name}`,
  what: `a replacement of gsub that first does: ${leaf}`,
  code: `nest = {} for _ = 1, 98 do nest = {nest} end
    ${gsubWith(leaf)}`,
  ends: overflow,
}));

/** Code that fails deep in C, in frames that no limit counts: its handler runs on top of them. */
const failures = {
  pattern: 'string.find(("a"):rep(1023), ("a?"):rep(1023))',
  values: "_home.x = nest",
};

/** Ways to call a handler over a handler, without end. */
const handlers = {
  again: "local ok, e = xpcall(fail, fail) error(e, 0)",
  another: `local function handle() return select(2, xpcall(fail, handle)) end
    error(handle(), 0)`,
  "in-coroutine": `local function handle()
      local resumed, ok, e = coroutine.resume(coroutine.create(xpcall), fail, handle)
      return resumed and e or ok
    end
    error(handle(), 0)`,
};

const handled: readonly Way[] = Object.entries(failures).flatMap(([failure, code]) =>
  Object.entries(handlers).map(([name, call]) => ({
    name: `handler-${name}-${failure}`,
    what: `a message handler (${name}) over what fails deep in C: ${code}`,
    code: `nest = {coroutine.create(print)} for _ = 1, 97 do nest = {nest} end
      local function fail() ${code} end
      ${call}`,
    ends: /error in error handling|stack overflow/,
  })),
);

export const ways: readonly Way[] = [...libraries, ...language, ...parser, ...leaves, ...handled];
