/** How the native twin runs each file: as all.lua does, but each alone. */
import { forms } from "./index.ts";
import { endings, lastLines, usualLastLine } from "./run-file.ts";

export interface NativeTask {
  /** Without ".lua". */
  readonly file: string;
  /** The Lua program that runs the file, in the folder in which it lies. */
  readonly program: string;
  /** What the file prints when it has come to its end. */
  readonly lastLine: RegExp;
}

const driver = "all";
const driverLastLine = /^final OK !!!$/m;

/** All tests are asked for, portable or not, however long, and those of upstream's library. */
export function nativeTask(file: string): NativeTask {
  if (file === driver) return { file, program: `dofile("all.lua")`, lastLine: driverLastLine };
  const form = forms.get(file) ?? "dumped";
  const dumped = `assert(load(string.dump(run, ${form === "stripped"})))`;
  const program = `
    _soft, _port, _nomsg, ARG = false, false, false, arg
    function Message(text) print(text) end
    assert(T, "upstream's test library is not linked")
    local traceback = debug.traceback
    debug = nil

    local function expect(expected, found)
      if found ~= expected then error("it returned " .. tostring(found)) end
    end
    local function ending(run) ${endings.get(file) ?? "run()"} end

    require "tracegc".start()
    local run = assert(loadfile("${file}.lua"))
    ${form === "text" ? "" : `run = ${dumped}`}
    assert(xpcall(ending, traceback, run))`;
  return { file, program, lastLine: lastLines.get(file) ?? usualLastLine };
}
