/** Runs a child process to its end, or abandons it when the caller is interrupted. */
import { execa } from "execa";

/** What a child may take to end after the signal; its own children may hold its pipes longer. */
const graceMs = 500;

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
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  const abandonment = new AbortController();
  const result = await Promise.race([
    running,
    ...(signal === undefined ? [] : [aborted(signal, abandonment.signal)]),
  ]);
  abandonment.abort();
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

/** Resolves `graceMs` after the signal; never, once `ended` is aborted. */
async function aborted(signal: AbortSignal, ended: AbortSignal): Promise<undefined> {
  await new Promise<void>((resolve) => {
    const abandon = () => setTimeout(resolve, graceMs).unref();
    signal.addEventListener("abort", abandon, { once: true, signal: ended });
  });
}
