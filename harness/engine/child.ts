/** Runs a child process to its end; an interrupt ends it with all that it started. */
import { platform } from "node:os";
import { execa } from "execa";

// execa's killDescendants does less (tried with 10.2.1): what ignores SIGTERM and holds no pipe
// lives on, and so does all of it where the harness exits without waiting.

/** What a child and its own children may take to end when asked, before they are made to. */
const graceMs = 500;

/**
 * A child leads a process group of its own, so that its children (`zig build-exe` below `zig
 * build`) are ended with it. A terminal's Ctrl-C reaches no such group: the caller's signal has to.
 * Windows has no groups; there the child alone is ended.
 */
export const hasGroups = platform() !== "win32";

/** The groups whose leaders run: ended when this process exits without waiting for them. */
const groups = new Set<number>();

export interface Child {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  /** Added to the caller's environment, or the whole of it. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly wholeEnvironment?: boolean;
  /** The command is a script for the Node that runs the harness. */
  readonly script?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface ChildResult {
  readonly ok: boolean;
  /** Standard output alone. */
  readonly output: string;
  /** Output and error output as they came; why it did not start, when it said nothing. */
  readonly log: string;
}

/** Never throws for a program that fails or is missing; throws the signal's reason when aborted. */
export async function runChild(child: Child): Promise<ChildResult> {
  const { command, cwd, environment, wholeEnvironment, script, signal } = child;
  const [file, ...args] = command;
  signal?.throwIfAborted();
  const running = execa(file, args, {
    cwd,
    reject: false,
    all: true,
    stdin: "ignore",
    extendEnv: wholeEnvironment !== true,
    ...(script === true ? { node: true, nodeOptions: [], ipc: false } : {}),
    ...(environment === undefined ? {} : { env: environment }),
    ...(hasGroups ? { detached: true } : {}),
    ...(signal === undefined || hasGroups ? {} : { cancelSignal: signal }),
  });
  const release = holdGroup(running.pid, signal);
  const abandonment = new AbortController();
  const result = await Promise.race([
    running,
    ...(signal === undefined ? [] : [aborted(signal, abandonment.signal)]),
  ]);
  abandonment.abort();
  release();
  if (result === undefined) for (const stream of [running.stdout, running.stderr]) stream.destroy();
  signal?.throwIfAborted();
  if (result === undefined) throw new TypeError(`${file} was abandoned without a reason`);
  const said = result.all.trim();
  return {
    ok: !result.failed,
    output: result.stdout,
    log: said === "" && result.failed ? (result.originalMessage ?? `${file} said nothing`) : said,
  };
}

/**
 * Asks the child's group to end when the signal comes, or ends it when this process exits. Returns
 * what to call when the child has ended or was abandoned: what is left of an aborted group dies.
 */
export function holdGroup(pid: number | undefined, signal: AbortSignal | undefined): () => void {
  if (!hasGroups || pid === undefined) return () => {};
  const ask = () => signalGroup(pid, "SIGTERM");
  groups.add(pid);
  if (groups.size === 1) process.on("exit", endGroups);
  signal?.addEventListener("abort", ask, { once: true });
  return () => {
    signal?.removeEventListener("abort", ask);
    if (signal?.aborted === true) signalGroup(pid, "SIGKILL");
    groups.delete(pid);
    if (groups.size === 0) process.removeListener("exit", endGroups);
  };
}

function endGroups(): void {
  for (const pid of groups) signalGroup(pid, "SIGKILL");
}

function signalGroup(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // All of the group has ended: what was wanted.
  }
}

/** Resolves `graceMs` after the signal; never, once `ended` is aborted. */
async function aborted(signal: AbortSignal, ended: AbortSignal): Promise<undefined> {
  await new Promise<void>((resolve) => {
    const abandon = () => setTimeout(resolve, graceMs).unref();
    signal.addEventListener("abort", abandon, { once: true, signal: ended });
  });
}
