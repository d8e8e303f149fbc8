/** What becomes of each file of the official test suite in the native twin (zig/native/twin.h). */
import type { Cut, FileAccount } from "./account-type.ts";
import { officialFiles } from "./lua-file.ts";

const apiCuts: readonly Cut[] = [
  {
    from: "local lim = _soft and 500 or 12000",
    to: "local lim = _soft and 500 or 12000",
    why: "asks for 24,100 slots of the stack; LUAI_MAXSTACK is 15,000 here as in the wasm",
    instead: "local lim = 7000",
  },
];

const mainCuts: readonly Cut[] = [
  {
    from: "assert(string.find(t, [[\n1 --\n2a = 2\n3\n]], 1, true))",
    to: "]], 1, true))",
    why: "expects that GNU readline, which is not linked, shows the input between the prompts",
    instead: 'assert(string.find(t, "1.*2.*3"))',
  },
  {
    from: `local shellprg = string.format('%s -e "%s" & echo $!', progname, luaprg)`,
    to: "local shellprg",
    why: "a fast script prints before the shell tells its number, and a wrong one is interrupted",
    instead:
      `local shellprg = string.format('(sleep 0.3; exec %s -e "%s") & echo $!', ` +
      "progname, luaprg)",
  },
];

const others: ReadonlyMap<string, FileAccount> = new Map([
  ["api", { file: "api", run: "cut", cuts: apiCuts }],
  ["main", { file: "main", run: "cut", cuts: mainCuts }],
  [
    "bwcoercion",
    {
      file: "bwcoercion",
      run: "not-run",
      reason: "a module without checks of its own; bitwise requires it",
    },
  ],
  [
    "tracegc",
    {
      file: "tracegc",
      run: "not-run",
      reason: "a module without checks of its own; it traces while the others run",
    },
  ],
]);

/** In alphabetical order. `all` is run whole, and runs most of the others once more. */
export const nativeAccount: readonly FileAccount[] = officialFiles.map(
  (file) => others.get(file) ?? { file, run: "whole" },
);

const tooLong: ReadonlyMap<string, string> = new Map([
  ["all", "runs the others once more, which takes Valgrind as long again"],
  ["heavy", "compiles two thousand million lines and fills the memory: hours under Valgrind"],
]);

/** Under Memcheck. */
export const memcheckAccount: readonly FileAccount[] = nativeAccount.map((each) => {
  const reason = tooLong.get(each.file);
  return reason === undefined ? each : { file: each.file, run: "not-run", reason };
});
