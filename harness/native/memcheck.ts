/** Valgrind's Memcheck, as the native twin is run under it: found, or said how to get it. */
import { runChild } from "../engine/child.ts";

/** The tool, ready to run. */
export interface Memcheck {
  readonly valgrindPath: string;
}

export type FoundMemcheck =
  | { readonly state: "found"; readonly memcheck: Memcheck; readonly version: string }
  | { readonly state: "unsupported"; readonly evidence: string; readonly remedy: string };

const remedy =
  "install valgrind (Debian, Ubuntu: apt-get install valgrind; Fedora: dnf install valgrind), " +
  "or name it: VALGRIND=path. It is there for Linux, not for Windows or today's macOS";

/** `$VALGRIND`, else `valgrind` on PATH. Throws the signal's reason. */
export async function findMemcheck(options: {
  readonly root: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}): Promise<FoundMemcheck> {
  const { root, environment, signal } = options;
  const valgrindPath = environment["VALGRIND"] ?? "valgrind";
  const { ok, output, log } = await runChild({
    command: [valgrindPath, "--version"],
    cwd: root,
    environment,
    wholeEnvironment: true,
    signal,
  });
  const version = ok ? /^valgrind-(\S+)/.exec(output)?.[1] : undefined;
  return version === undefined
    ? { state: "unsupported", evidence: `${valgrindPath} does not run: ${log}`, remedy }
    : { state: "found", memcheck: { valgrindPath }, version };
}

/** Upstream's allocator refuses more: as much as our heap has in the twin. */
export const memcheckEnvironment = { MEMLIMIT: String(2 ** 29) } as const;

/**
 * The command before the program's arguments. What is found goes to `reportsFile`, which stays
 * empty when all is well: the program's own streams are those that the tests read. Lua frees all at
 * its end, which upstream's allocator asserts: no search for leaks.
 */
export function memcheckCommand(
  { valgrindPath }: Memcheck,
  { path, reportsFile }: { readonly path: string; readonly reportsFile: string },
): readonly string[] {
  return [
    valgrindPath,
    "--tool=memcheck",
    "--quiet",
    "--leak-check=no",
    // Else a word that lies partly behind its block is read in silence.
    "--partial-loads-ok=no",
    "--num-callers=20",
    `--log-file=${reportsFile}`,
    path,
  ];
}
