/** Runs official test files in the native twin, each in a process and a folder of its own. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { limiter } from "../build/limit.ts";
import { type ChildResult, runChild } from "../engine/child.ts";
import { type Memcheck, memcheckCommand, memcheckEnvironment } from "./memcheck.ts";

export interface TwinTask {
  /** Of the file, without ".lua". */
  readonly file: string;
  /** The Lua program that runs it. */
  readonly program: string;
  /** What is printed when the file has come to its end. */
  readonly lastLine: RegExp;
}

export interface TwinContext {
  /** Of the executable that buildNative made. The shared libraries lie beside it. */
  readonly path: string;
  /** Watches every access to memory; `path` is then that of "native-lua-memcheck". */
  readonly memcheck?: Memcheck;
  /** The folder with the test files. */
  readonly testsPath: string;
  /** A file as it is to be run; called with each one's name, without ".lua". */
  readonly edit: (file: string, bytes: Uint8Array) => Uint8Array;
  readonly signal?: AbortSignal;
  readonly limitMs?: number;
  readonly onEnd?: (result: TwinResult) => void;
}

export interface TwinResult {
  readonly file: string;
  /** Why it failed, with the last that it said; undefined when it passed. */
  readonly problem: string | undefined;
  readonly durationMs: number;
  /** Of our heap, with upstream's marks around each block; 0 when it crashed or has another. */
  readonly heapPeakBytes: number;
  /** Tests that the file itself left out, in its words. */
  readonly messages: readonly string[];
}

const limitMsDefault = 120_000;
const runningMax = 2;
const shownCharactersMax = 1_500;
const shownReportsMax = 10_000;

/** Results in the order of the tasks. Throws the signal's reason when it is aborted. */
export async function runTwin(
  tasks: readonly TwinTask[],
  context: TwinContext,
): Promise<readonly TwinResult[]> {
  const root = await mkdtemp(join(tmpdir(), "lua-native-"));
  const limited = limiter(runningMax);
  try {
    const running = tasks.map((task) =>
      limited(async () => {
        context.signal?.throwIfAborted();
        const result = await runTask(task, join(root, task.file), context);
        context.onEnd?.(result);
        return result;
      }),
    );
    await Promise.allSettled(running);
    return await Promise.all(running);
  } finally {
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function runTask(
  { file, program, lastLine }: TwinTask,
  folder: string,
  { path, memcheck, testsPath, edit, signal, limitMs = limitMsDefault }: TwinContext,
): Promise<TwinResult> {
  await copyTests({ testsPath, folder, edit });
  await copyLibraries(dirname(path), join(folder, "libs"));
  const programFile = "run-file.lua";
  await writeFile(join(folder, programFile), program);
  // What must be written at the end, and what must not hold a word.
  const heapFile = join(folder, "heap");
  const reportsFile = join(folder, "memcheck");
  const twin = memcheck === undefined ? [path] : memcheckCommand(memcheck, { path, reportsFile });
  const startMs = performance.now();
  const child = await withLimit({ limitMs, signal }, (ending) =>
    runChild({
      // The files expect a standard input that is a pipe.
      command: ["sh", "-c", ': | "$0" "$@"', ...twin, "-W", programFile],
      cwd: folder,
      environment: {
        TZ: "UTC",
        TWIN_HEAP_FILE: heapFile,
        LUA_INIT: undefined,
        ...(memcheck === undefined ? {} : memcheckEnvironment),
      },
      signal: ending,
    }),
  );
  const durationMs = performance.now() - startMs;
  const heapText = await readFile(heapFile, "utf8").catch(() => "");
  const checked =
    memcheck === undefined
      ? heapProblem(heapText)
      : reportProblem(await readFile(reportsFile, "utf8").catch(() => undefined));
  const problem = problemOf(child, { checked, lastLine, limitMs });
  const log = child?.log ?? "";
  return {
    file,
    problem: problem === undefined ? undefined : `${problem}\n${log.slice(-shownCharactersMax)}`,
    durationMs,
    heapPeakBytes: Number.parseInt(heapText, 10) || 0,
    messages: [...log.matchAll(/^ *>>> (.*) <<< *$/gm)].flatMap(([, text = ""]) =>
      text === closingMessage ? [] : [text],
    ),
  };
}

/** gc.lua prints it from a finalizer when all is closed: nothing is left out. */
const closingMessage = "closing state";

function problemOf(
  child: ChildResult | undefined,
  expected: {
    /** What the check of its memory says against it. */
    readonly checked: string | undefined;
    readonly lastLine: RegExp;
    readonly limitMs: number;
  },
): string | undefined {
  const { checked, lastLine, limitMs } = expected;
  if (child === undefined) return `it took more than ${limitMs} ms`;
  if (!child.ok) return "it failed";
  if (!lastLine.test(child.output)) return "it returned before its end";
  return checked;
}

function heapProblem(heapText: string): string | undefined {
  return heapText === "" ? "the heap was not verified at the end" : undefined;
}

function reportProblem(reports: string | undefined): string | undefined {
  if (reports === undefined) return "Valgrind wrote no log";
  const said = reports.trim();
  return said === "" ? undefined : `Valgrind reports:\n${said.slice(0, shownReportsMax)}`;
}

/** Undefined when the time is over. Throws the caller's reason when that signal is aborted. */
async function withLimit<Result>(
  { limitMs, signal }: { readonly limitMs: number; readonly signal: AbortSignal | undefined },
  task: (ending: AbortSignal) => Promise<Result>,
): Promise<Result | undefined> {
  const limit = AbortSignal.timeout(limitMs);
  try {
    return await task(signal === undefined ? limit : AbortSignal.any([limit, signal]));
  } catch (error) {
    signal?.throwIfAborted();
    if (limit.aborted) return undefined;
    throw error;
  }
}

async function copyTests(options: {
  readonly testsPath: string;
  readonly folder: string;
  readonly edit: TwinContext["edit"];
}): Promise<void> {
  const { testsPath, folder, edit } = options;
  await cp(testsPath, folder, { recursive: true });
  // attrib.lua writes modules into it.
  await mkdir(join(folder, "libs", "P1"), { recursive: true });
  for (const name of await readdir(testsPath)) {
    if (!name.endsWith(".lua")) continue;
    const bytes = await readFile(join(testsPath, name));
    const edited = edit(name.slice(0, -".lua".length), bytes);
    await writeFile(join(folder, name), edited);
  }
}

async function copyLibraries(from: string, to: string): Promise<void> {
  for (const name of await readdir(from)) {
    if (name.endsWith(".so")) await cp(join(from, name), join(to, name));
  }
}
