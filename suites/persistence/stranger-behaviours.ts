/** What of a state is more than data: programs that make one, and the path that is told. */
import type { CoreOptions } from "../../runtime/core/options.ts";

interface Behaviour {
  readonly name: string;
  /** Lua code that makes a state with it. */
  readonly code: string;
  /** Where it is, as the message says. */
  readonly path: RegExp;
  readonly options?: CoreOptions;
  /** Of the core that makes the state alone: what no script of a stranger's can do. */
  readonly maker?: CoreOptions;
}

const trusting: CoreOptions = { bytecode: "trusted" };

/** What runs, or has state of a library's, and is no Lua function. */
export const behaviours: readonly Behaviour[] = [
  { name: "coroutine", code: "co = coroutine.create(print)", path: /_G\.co / },
  {
    name: "dead-coroutine",
    code: "co = coroutine.create(error) coroutine.resume(co)",
    path: /_G\.co /,
  },
  { name: "wrap", code: "f = coroutine.wrap(print)", path: /_G\.f / },
  { name: "gmatch", code: 'f = ("a b"):gmatch("%w")', path: /_G\.f / },
  { name: "lines", code: "f = io.stdin:lines()", path: /_G\.f / },
  {
    name: "merged-library",
    code: "type, math = math.type, _G",
    path: /_G\.type \(C function math\.type/,
  },
  {
    name: "merged-loaded",
    code: "for k, v in pairs(utf8) do string[k] = v end utf8 = string",
    path: /_G\.utf8\.\w+ \(C function utf8\.\w+, which has another place/,
  },
  { name: "library-of-another", code: "string = utf8", path: /string\.len \(leads to utf8\.len/ },
  {
    name: "copy-of-another",
    code: "local own = {} for k, v in pairs(utf8) do own[k] = v end utf8, string = own, own",
    path: /_G\.utf8\.\w+ \(C function utf8\.\w+, which has another place/,
  },
  {
    name: "methods-of-another",
    code: 'getmetatable("").__index = utf8',
    path: /\(""\)\.len \(leads to utf8\.len/,
  },
  {
    name: "index-of-globals",
    code: "setmetatable(_G, {__index = debug}).setmetatable = nil",
    path: /: setmetatable \(leads to debug\.setmetatable/,
  },
  {
    name: "index-in-two-steps",
    code: "string = setmetatable({}, {__index = setmetatable({}, {__index = utf8})})",
    path: /string\.len \(leads to utf8\.len/,
  },
  {
    name: "nested-index",
    code: "table = nil setmetatable(_G, {__index = {table = os}})",
    path: /table\.remove \(leads to os\.refused/,
  },
  { name: "string-as-library", code: 'utf8 = ""', path: /utf8\.\w+ \(leads to string\./ },
  {
    name: "type-of-nil",
    code: "table = nil debug.setmetatable(nil, {__index = os})",
    path: /table\.remove \(leads to os\.refused/,
  },
  {
    name: "type-of-number",
    code: "table = setmetatable({}, {__index = 5}) debug.setmetatable(5, {__index = os})",
    path: /table\.remove \(leads to os\.refused/,
  },
  { name: "file-as-library", code: "io = io.stdout", path: /io\.\w+ \(leads to file:/ },
  {
    name: "index-of-preload",
    code: "setmetatable(package.preload, {__index = {}})",
    path: /package\.preload \(has an __index/,
  },
  {
    name: "index-of-loaded",
    code: "setmetatable(package.loaded, {__index = {table = os}}).table = nil",
    path: /package\.loaded \(has an __index/,
  },
  {
    name: "new-entries-of-a-library",
    code: "setmetatable(_G, {__newindex = string})",
    path: /\(metatable of _G\) \(a __newindex that leads to functions/,
  },
  {
    name: "new-entries-in-two-steps",
    code: "setmetatable(_G, {__newindex = setmetatable({}, {__newindex = string})})",
    path: /\(metatable of _G\) \(a __newindex that leads to functions/,
  },
  {
    name: "new-entries-of-data",
    code: "data = setmetatable({}, {__newindex = os})",
    path: /\(metatable of _G\.data\) \(a __newindex that leads to functions/,
  },
  {
    name: "new-entries-of-nil",
    code: "debug.setmetatable(nil, {__newindex = os})",
    path: /a __newindex that leads to functions, as the metatable of nil/,
  },
  {
    name: "new-entries-of-loaded",
    code: "setmetatable(package.loaded, {__newindex = {}})",
    path: /package\.loaded \(has a __newindex/,
  },
  {
    name: "function-in-an-external-table",
    code: "tostring = nil setmetatable(_G, {__index = _home})",
    path: /tostring \(leads to what an external table has/,
  },
  {
    name: "package-of-loaded",
    code: "local M = package.loaded M.loaded = {table = os} package = M",
    path: /package\.loaded\.table\.remove \(leads to os/,
  },
  {
    name: "library-in-an-external-table",
    code: "table = nil setmetatable(_G, {__index = _home})",
    path: /table \(leads out of reach/,
  },
  {
    name: "many-steps",
    code: "local t = {} for i = 1, 200 do t = setmetatable({}, {__index = t}) end string = t",
    path: /string\.\w+ \(leads to what is behind too many __index/,
  },
  { name: "loop", code: "f = pairs(_home)", path: /_G\.f / },
  { name: "finalizer", code: "t = setmetatable({}, {__gc = true})", path: /_G\.t \(table/ },
  { name: "other-name", code: "print = io.write", path: /_G\.print \(C function io\.write/ },
  {
    name: "function-in-data",
    code: "t = {1, {print}}",
    path: /_G\.t\[2\]\[1\] \(C function print/,
  },
  { name: "function-as-key", code: "t = {[print] = 1}", path: /key of _G\.t/ },
  {
    name: "metamethod",
    code: "t = setmetatable({}, {__index = rawget})",
    path: /metatable of _G\.t\)\.__index/,
  },
  { name: "random", code: "t = {math.random}", path: /_G\.t\[1\] \(C function math\.random/ },
  { name: "require", code: "t = {r = require}", path: /_G\.t\.r \(C function require/ },
  { name: "main-thread", code: "t = {coroutine.running()}", path: /_G\.t\[1\] \(main thread/ },
  { name: "hook", code: "debug.sethook(print, 'c', 0)", path: /main thread/ },
  { name: "type", code: "getmetatable(io.stdout).__gc = nil", path: /registry\["FILE\*"\]/ },
  {
    name: "type-name",
    code: "getmetatable(io.stdout).__name = 'another'",
    path: /registry\["FILE\*"\]/,
  },
  {
    name: "upvalue-text",
    code: "debug.setupvalue(os.exit, 1, 'another')",
    path: /_G\.os\.exit/,
    maker: trusting,
  },
  {
    name: "registry",
    maker: trusting,
    code: "data = debug.getregistry()",
    path: /_G\.data \(table/,
  },
  {
    name: "handles",
    maker: trusting,
    code: 'data = {debug.getregistry()["ext.handles"]}',
    path: /_G\.data\[1\] \(table/,
  },
  { name: "handle-type", code: "data = debug.getmetatable(_home)", path: /_G\.data \(table/ },
  {
    name: "type-as-metatable",
    code: "data = debug.setmetatable({}, debug.getmetatable(_home))",
    path: /\(metatable of _G\.data\)/,
  },
  {
    name: "type-entry",
    code: "debug.getmetatable(_home).extra = 1",
    path: /registry\["ext\.table"\]\.extra/,
  },
  {
    name: "type-of-type",
    code: 'local type = setmetatable(debug.getmetatable(_home), {__mode = "v"})',
    path: /\(metatable of registry\["ext\.table"\]\)/,
  },
  {
    name: "registry-entry",
    maker: trusting,
    code: "debug.getregistry().extra = 1",
    path: /registry\.extra/,
  },
  {
    name: "buffer-type",
    maker: trusting,
    code: 'local s = ("x"):rep(2000):upper() debug.getregistry()["_UBOX*"].__gc = nil',
    path: /registry\["_UBOX\*"\]/,
  },
  {
    name: "number-type",
    code: "debug.setmetatable(1, debug.getmetatable(_home))",
    path: /metatable of type number/,
  },
  { name: "moved-module", code: "string.format, string.rep = string.rep", path: /string\.format/ },
];
