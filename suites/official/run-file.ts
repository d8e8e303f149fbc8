/** Runs one official test file in a fresh core, as upstream's all.lua runs it among the others. */

import type { CaseContext, Figures } from "../../harness/suite/case.ts";
import { CheckFailure, equal, succeeded } from "../../harness/suite/check.ts";
import { show } from "../../harness/suite/show.ts";
import { LuaBytes } from "../../runtime/scalar/scalars.ts";
import type { Cut } from "./account-type.ts";
import { cutBytes } from "./cut.ts";
import { officialFile } from "./lua-file.ts";

/** What is run: the text, or what string.dump and load make of it. */
export type Form = "text" | "dumped" | "stripped";

export interface FileRun {
  readonly file: string;
  readonly form: Form;
  readonly cuts: readonly Cut[];
}

/** What all.lua expects of a file's function `run`; of the others, that it returns. */
export const endings: ReadonlyMap<string, string> = new Map([
  ["attrib", "expect(27, run())"],
  ["big", "local next = coroutine.wrap(run) expect('b', next()) expect('a', next())"],
  ["calls", "local result = run() expect(true, result ~= nil and result == deep)"],
  ["events", "expect(12, run())"],
  ["locals", "expect(5, run())"],
  ["verybig", "expect(10, run())"],
]);

/** What a file prints when it has come to its end, though the state is closed after it. */
export const lastLines: ReadonlyMap<string, RegExp> = new Map([["files", /^\.*Lua 5\.4$/m]]);
export const usualLastLine = /^\.*ok\.*$/im;
const linePrintedWhenClosing: ReadonlyMap<string, string> = new Map([
  ["gc", ">>> closing state <<<"],
]);

/** Read in pieces, so that the text takes no room in Lua's heap while it is compiled. */
const pieceBytes = 4096;
const outputShownLength = 600;

/** Throws CheckFailure with Lua's message, its traceback, and the last that the file printed. */
export async function runFile(
  { file, form, cuts }: FileRun,
  { load, luaFile, seed }: Pick<CaseContext, "load" | "luaFile" | "seed">,
): Promise<Figures> {
  const code = cutBytes(await officialFile(file, luaFile), cuts);
  const modules = new Map<string, Uint8Array>();
  for (const name of ["tracegc", "bwcoercion"])
    modules.set(name, await officialFile(name, luaFile));
  const output: Uint8Array[] = [];
  const onOutput = (bytes: Uint8Array) => void output.push(bytes);
  const core = await load({ bytecode: "trusted", modules, onOutput, seed });
  let offset = 0;
  core.register("official_read", () => {
    const piece = code.subarray(offset, offset + pieceBytes);
    offset += piece.length;
    return new LuaBytes(piece);
  });
  succeeded(core.compute(driverOf(file)), "the driver");
  const result = core.call("official_run", `${file}.lua`, form);
  const printed = () => textOf(output);
  if (!result.ok) throw failure(file, `${result.code}: ${show(result.error)}`, printed());
  const [passed, message] = result.values;
  if (passed !== true) throw failure(file, String(message), printed());
  if (!(lastLines.get(file) ?? usualLastLine).test(printed())) {
    throw failure(file, "it returned before its end", printed());
  }
  const { heapPeakBytes } = core.memoryStats();
  core.dispose();
  const closing = linePrintedWhenClosing.get(file);
  if (closing !== undefined) equal(printed().includes(closing), true, `${closing} was printed`);
  return { heapPeakBytes, cutBlocks: cuts.length };
}

/**
 * Defines official_run(name, form), which gives true, or false and a traceback. As in all.lua all
 * tests are asked for, also those that are not portable and those that take long; upstream's test
 * library is not there, nor is `debug` as a global; collections are traced.
 */
function driverOf(file: string): string {
  return `
    local read, traceback = official_read, debug.traceback
    official_read, debug, T = nil, nil, nil
    _soft, _port, _nomsg = false, false, false
    function Message(text) print(text) end

    local function expect(expected, found)
      if found ~= expected then error("it returned " .. tostring(found)) end
    end
    local function ending(run) ${endings.get(file) ?? "run()"} end

    function official_run(name, form)
      official_run = nil
      require "tracegc".start()
      local run = assert(load(read, "@" .. name))
      read = nil
      if form ~= "text" then run = assert(load(string.dump(run, form == "stripped"))) end
      return xpcall(ending, traceback, run)
    end`;
}

function failure(file: string, message: string, printed: string): CheckFailure {
  const last = printed.slice(-outputShownLength).trim();
  return new CheckFailure(`${file}.lua: ${message}\nlast output: ${last}`);
}

/** Test files print any bytes. */
function textOf(pieces: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  return pieces.map((piece) => decoder.decode(piece, { stream: true })).join("") + decoder.decode();
}
