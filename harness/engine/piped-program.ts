/** A program that is asked over its pipes: what it says, and in which words it ended. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { hasGroups, holdGroup } from "./child.ts";
import { type Queues, queuesOf } from "./patient-timer.ts";

export interface PipedOptions {
  readonly command: readonly [string, ...string[]];
  /** The whole of it; by default the caller's. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Ends the program with all that it started. */
  readonly signal?: AbortSignal | undefined;
  readonly onData: (chunk: Buffer) => void;
  /** Called once: "did not start (…)", or "ended (signal SIGKILL) saying …". */
  readonly onEnd: (problem: string) => void;
}

const saidCharactersMax = 2_000;

export class PipedProgram {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #ended: Promise<string>;
  #said = "";

  constructor({ command, environment, signal, onData, onEnd }: PipedOptions) {
    signal?.throwIfAborted();
    const [file, ...args] = command;
    this.#child = spawn(file, args, {
      stdio: ["pipe", "pipe", "pipe"],
      detached: hasGroups && signal !== undefined,
      ...(environment === undefined ? {} : { env: environment }),
    });
    const release = signal === undefined ? () => {} : holdGroup(this.#child.pid, signal);
    const { stdin, stdout, stderr } = this.#child;
    stdout.on("data", onData);
    stderr.setEncoding("utf8");
    stderr.on("data", (text: string) => {
      this.#said = (this.#said + text).slice(-saidCharactersMax);
    });
    // What it could not be told shows in how it ends.
    stdin.on("error", () => {});
    this.#ended = new Promise((resolve) => {
      this.#child.once("error", (error) => resolve(`did not start (${error.message})`));
      this.#child.once("close", (code, by) => {
        release();
        const said = this.#said.trim();
        resolve(`ended (${by ?? `exit code ${code}`})${said === "" ? "" : ` saying ${said}`}`);
      });
    });
    this.#ended.then(onEnd);
  }

  write(bytes: Uint8Array | string): void {
    this.#child.stdin.write(bytes);
  }

  /** How long its threads have waited for a processor so far. */
  queues(): Queues {
    return queuesOf(this.#child.pid);
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** It ends where its input does; resolves then. May be called twice. */
  async close(): Promise<void> {
    this.#child.stdin.end();
    await this.#ended;
  }
}
