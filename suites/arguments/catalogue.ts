/** Every function that a script can reach: what it takes, and how its answers are compared. */

/**
 * exact: with the native twin, unless it says otherwise.
 * core: only called, on cores alone; it must not trap.
 * kind: of results their types alone.
 * rough: floats to nine digits.
 * errors: only what it raises.
 */
export type Comparison = "exact" | "core" | "kind" | "rough" | "errors";

export interface CatalogueEntry {
  readonly name: string;
  /** The kinds of its arguments (kinds.ts), in turn. */
  readonly takes: readonly string[];
  readonly compared: Comparison;
}

/** name: kinds. A name with a dot or colon is of a library or of a type's methods. */
const exact = `
assert: any any
collectgarbage: collector integer integer integer
error: any integer
getmetatable: any
ipairs: table
ipairs.iterator: table integer
load: chunk name loadMode table
next: table any
pairs: table
pcall: function any any
print: any any
rawequal: any any
rawget: table any
rawlen: any
rawset: table any any
select: position any any any
setmetatable: object metatable
tonumber: number integer
tostring: any
type: any
warn: warning text
xpcall: function function any
coroutine.close: thread
coroutine.create: function
coroutine.isyieldable: thread
coroutine.resume: thread any any
coroutine.running:
coroutine.status: thread
coroutine.wrap: function
coroutine.wrap.iterator: any any
coroutine.yield: any any
debug.debug:
debug.gethook: thread
debug.getinfo: frame info
debug.getinfo.thread: suspended position info
debug.getlocal: frame position
debug.getlocal.thread: suspended position position
debug.getmetatable: any
debug.getupvalue: closure position
debug.getuservalue: file position
debug.setcstacklimit: integer
debug.sethook: function hookMask integer
debug.setlocal: integer position any
debug.setmetatable: any metatable
debug.setupvalue: closure position any
debug.setuservalue: file any position
debug.traceback: text integer
debug.traceback.thread: thread text integer
debug.upvalueid: closure position
debug.upvaluejoin: closure position closure position
io.close: file
io.flush:
io.input: file
io.lines: none read
io.output: file
io.read: read read
io.type: any
io.write: any any
io.lines.iterator: any
math.abs: number
math.ceil: number
math.deg: number
math.floor: number
math.fmod: number number
math.max: number number number
math.min: number number number
math.modf: number
math.rad: number
math.random: integer integer
math.randomseed: number integer
math.sqrt: number
math.tointeger: any
math.type: any
math.ult: integer integer
os.date: date number
os.difftime: number number
os.time: dateTable
string.byte: text position position
string.char: byte byte byte
string.dump: function any
string.find: subject position any
string.format: format any any any
string.gmatch: subject position
string.gmatch.iterator: any
string.gsub: subject replacement integer
string.len: text
string.lower: text
string.match: subject position
string.pack: packFormat packed packed packed
string.packsize: packFormat
string.rep: text count text
string.reverse: text
string.sub: text position position
string.unpack: packFormat bytes position
string.upper: text
string:__add: number number
string:__div: number number
string:__idiv: number number
string:__mod: number number
string:__mul: number number
string:__sub: number number
string:__unm: number number
table.concat: table text position position
table.insert: table position any
table.move: table position position position table
table.pack: any any any
table.remove: table position
table.sort: table comparator
table.unpack: table position position
utf8.char: integer integer integer
utf8.codepoint: utf8 place place any
utf8.codes: utf8 any
utf8.codes.lax: utf8 place
utf8.codes.strict: utf8 place
utf8.len: utf8 place place any
utf8.offset: utf8 place place
file:close: file
file:flush: file
file:lines: file read read
file:read: file read read
file:setvbuf: file buffering integer
file:write: file any any
file.__close: file
file.__gc: file
file.__tostring: file
op.arithmetic: number number
op.bitwise: number number
op.call: any any any
op.close: any
op.compare: any any
op.concat: any any
op.equal: any any
op.for: number number number
op.generic: any any any any
op.index: any any
op.length: any
op.newindex: table any any
op.unary: any
`;

const otherwise: Readonly<Record<Exclude<Comparison, "exact">, string>> = {
  core: `
debug.getregistry:
dofile: name
io.open: name name
io.popen: name name
io.tmpfile:
loadfile: name loadMode table
os.execute: text
os.exit: any any
os.getenv: name
os.remove: name
os.rename: name name
os.setlocale: text text
os.tmpname:
package.loadlib: name text
package.searchers.preload: name
package.searchers.host: name
package.searchpath: name text text text
require: name
ext.id: handle
ext.table: name
ext_table.delete: id key
ext_table.get: id key
ext_table.keys: id
ext_table.set: id key any
ext_table.size: id
handle.__gc: handle
handle.__index: handle key
handle.__len: handle
handle.__newindex: handle key any
handle.__pairs: handle
handle.__tostring: handle
iterator.next: any any
`,
  kind: `
os.clock:
`,
  rough: `
math.acos: number
math.asin: number
math.atan: number number
math.cos: number
math.exp: number
math.log: number number
math.sin: number
math.tan: number
string:__pow: number number
op.power: number number
`,
  errors: `
file:seek: file whence integer
`,
};

function entriesOf(text: string, compared: Comparison): readonly CatalogueEntry[] {
  return text
    .trim()
    .split("\n")
    .map((line) => {
      // The last colon: file:close has another.
      const [, name = "", takes = ""] = /^(.*):([^:]*)$/.exec(line) ?? [];
      return { name, takes: takes.split(" ").filter((kind) => kind !== ""), compared };
    });
}

export const catalogue: readonly CatalogueEntry[] = [
  ...entriesOf(exact, "exact"),
  ...(["core", "kind", "rough", "errors"] as const).flatMap((compared) =>
    entriesOf(otherwise[compared], compared),
  ),
];

/** C functions that any other may call: they take no time, and no answer of theirs differs. */
export const plainFunctions: readonly string[] = [
  ...["type", "rawequal", "rawlen", "rawget", "rawset", "select", "tonumber", "getmetatable"],
  ...["setmetatable", "pcall", "xpcall", "error", "assert", "ipairs", "string.len", "string.upper"],
  ...["string.reverse", "string.byte", "string.sub", "string.gmatch", "math.type", "math.floor"],
  ...["math.max", "math.ult", "math.abs", "utf8.len", "utf8.char", "utf8.codes", "table.pack"],
  ...["coroutine.yield", "coroutine.running", "coroutine.resume", "coroutine.close"],
  ...["coroutine.wrap", "coroutine.status", "coroutine.create", "coroutine.isyieldable"],
  ...["debug.getmetatable", "file:read", "file:close", "string:__add"],
];
