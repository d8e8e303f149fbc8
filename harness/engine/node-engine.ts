/** The engine `node`: a child process that runs an entry file and talks over Node's IPC channel. */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Engine, Worker, WorkerExit } from "./engine.ts";
import { probeProgram } from "./engine-program.ts";
import { type Queues, queuesOf } from "./patient-timer.ts";

export interface NodeEngineOptions {
  /** The Node to run. */
  readonly execPath: string;
  /** The module that a child runs: it serves the messages of harness/run/protocol.ts. */
  readonly entry: URL;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** How much of what a child wrote is kept as evidence, in characters. */
const outputKeptMax = 4_000;

export function nodeEngine(options: NodeEngineOptions): Engine {
  return {
    name: "node",
    features: ["fs", "worker"],
    probe: () => probeProgram(options.execPath),
    start: () => new NodeWorker(options),
  };
}

class NodeWorker implements Worker {
  readonly exited: Promise<WorkerExit>;
  readonly #child: ChildProcess;
  #output = "";

  constructor({ execPath, entry, environment }: NodeEngineOptions) {
    this.#child = spawn(execPath, [fileURLToPath(entry)], {
      env: environment,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8");
      stream?.on("data", (text: string) => {
        this.#output = (this.#output + text).slice(-outputKeptMax);
      });
    }
    this.exited = exitOf(this.#child);
  }

  send(message: unknown): void {
    if (!this.#child.connected || !isSendable(message)) return;
    // A child that died meanwhile is told by `exited`; the error of the message adds nothing.
    this.#child.send(message, () => undefined);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#child.removeAllListeners("message");
    this.#child.on("message", listener);
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  queues(): Queues {
    return queuesOf(this.#child.pid);
  }

  takeOutput(): string {
    const output = this.#output;
    this.#output = "";
    return output;
  }
}

/** "close" comes when the process is gone and all its pipes are read: no message is left behind. */
function exitOf(child: ChildProcess): Promise<WorkerExit> {
  return new Promise((resolve) => {
    child.once("error", (error) => {
      if (child.pid === undefined) resolve({ reason: `did not start: ${error.message}` });
    });
    child.once("close", (code, signal) => {
      resolve({ reason: signal === null ? `exit code ${code}` : `signal ${signal}` });
    });
  });
}

function isSendable(message: unknown): message is object {
  return typeof message === "object" && message !== null;
}
