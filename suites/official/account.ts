/** What becomes of each file of the official test suite in the wasm, with its 2 MiB. */
import type { Cut, FileAccount } from "./account-type.ts";

const noSystem = "needs an operating system";
const noLocale = "os.setlocale raises an error: there are no locales";

const attribCuts: readonly Cut[] = [
  {
    from: "package.path = {}",
    to: 'string.find(err, "package.path")',
    why: "require asks the host and never reads package.path",
  },
  {
    from: "local st, msg = pcall(require, 'XXX')",
    to: "assert(msg == expected)",
    why: "the message lists the files of package.path; require asks the host instead",
  },
  {
    from: "local dirsep = string.match(package.config",
    to: "assert(string.find(err, t, 1, true))",
    why: `writes modules to files and requires them: ${noSystem}`,
    instead: "do",
  },
  {
    from: "-- testing require of C libraries",
    to: "_ENV.x, _ENV.y = nil",
    why: `loads shared libraries: ${noSystem}`,
    instead: "do",
  },
];

const bigCuts: readonly Cut[] = [
  {
    from: "local lim = 2^18 + 1000",
    to: "local lim = 2^18 + 1000",
    why: "its 263,144 numbers take 4 MiB in one table alone, and three hold them",
    instead: "local lim = 2^14 + 1000",
  },
];

const constructsCuts: readonly Cut[] = [
  {
    from: "local level = _soft and 3 or 4",
    to: "local level = _soft and 3 or 4",
    why: "level 4 keeps 200,000 expressions, a table and a string each",
    instead: "local level = 3",
  },
];

const cstackCuts: readonly Cut[] = [
  {
    from: "local lim = 1000",
    to: "local lim = 1000",
    why: "200 coroutines, each 1,000 calls deep; up to 60 calls fit",
    instead: "local lim = 40",
  },
];

const filesCuts: readonly Cut[] = [
  {
    from: 'os.getenv"PATH"',
    to: 'os.getenv"PATH"',
    why: "there is no environment",
  },
  {
    from: "local file = os.tmpname()\nlocal f, msg",
    to: "end --}",
    why: `writes and reads files: ${noSystem}`,
  },
];

const gcCuts: readonly Cut[] = [
  {
    from: "do   -- tests for string keys in weak tables",
    to: "-- eveything collected",
    why: "two strings of 4 MiB",
    instead: "do",
  },
  {
    from: "for i = 1,200000 do",
    to: "for i = 1,200000 do",
    why: "a list of 200,000 tables takes 14 MB",
    instead: "for i = 1, 15000 do",
  },
  {
    from: "while thread_id < 1000 do",
    to: "while thread_id < 1000 do",
    why: "the heap is to double over 1,000 live coroutines, which take 1.1 MB",
    instead: "while thread_id < 500 do",
  },
];

const literalsCuts: readonly Cut[] = [
  {
    from: 'if os.setlocale("pt_BR")',
    to: "pt_BR locale not available",
    why: noLocale,
    instead: "do",
  },
];

const sortCuts: readonly Cut[] = [
  {
    from: "local limit = 50000",
    to: "local limit = 50000",
    why: "a second table of 65,536 slots (1 MiB) has no room where the first one was",
    instead: "local limit = 32768",
  },
];

const stringsCuts: readonly Cut[] = [
  {
    from: 'local locales = { "ptb"',
    to: `os.setlocale(nil, "numeric")`,
    why: noLocale,
  },
];

/** In alphabetical order: all files `testes/*.lua` of lua/upstream.json. */
export const account: readonly FileAccount[] = [
  notRun("all", "loads the other files; each is loaded as it does, alone"),
  notRun(
    "api",
    "tests the C API through upstream's test library, which the wasm has not: natively",
  ),
  cut("attrib", attribCuts),
  cut("big", bigCuts),
  whole("bitwise"),
  notRun("bwcoercion", "a module without checks of its own; bitwise requires it"),
  whole("calls"),
  whole("closure"),
  notRun("code", "checks opcodes through upstream's test library: natively"),
  cut("constructs", constructsCuts),
  whole("coroutine"),
  cut("cstack", cstackCuts),
  whole("db"),
  whole("errors"),
  whole("events"),
  cut("files", filesCuts),
  cut("gc", gcCuts),
  whole("gengc"),
  whole("goto"),
  notRun("heavy", "fills a memory of gigabytes, and all.lua does not run it"),
  cut("literals", literalsCuts),
  whole("locals"),
  notRun("main", `runs the stand-alone interpreter from a shell: ${noSystem}: natively`),
  whole("math"),
  whole("nextvar"),
  whole("pm"),
  cut("sort", sortCuts),
  cut("strings", stringsCuts),
  whole("tpack"),
  notRun("tracegc", "a module without checks of its own; it traces while the others run"),
  whole("utf8"),
  whole("vararg"),
  notRun(
    "verybig",
    "its large program is a temporary file with 70,000 fields, over 5 MB: natively",
  ),
];

function whole(file: string): FileAccount {
  return { file, run: "whole" };
}

function cut(file: string, cuts: readonly Cut[]): FileAccount {
  return { file, run: "cut", cuts };
}

function notRun(file: string, reason: string): FileAccount {
  return { file, run: "not-run", reason };
}
