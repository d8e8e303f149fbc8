/** The native peer's child process, asked one execution after the other. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { BenchError } from "../subject.ts";

export interface NativeRequest {
  readonly code: string;
  /** Executions that are timed as one span; 0 runs the code once without the time. */
  readonly repeats: number;
  /** How often an execution evaluates the code. */
  readonly evals: number;
}

export interface NativeAnswer {
  /** Of all executions together, by the child's own monotonic clock. */
  readonly seconds: number;
  /** What each execution gave. */
  readonly values: readonly unknown[];
}

const driverPath = fileURLToPath(new URL("./native-driver.lua", import.meta.url));
const answerSchema = z.union([
  z.strictObject({
    seconds: z.number().nonnegative(),
    values: z.array(z.union([z.number(), z.string(), z.boolean(), z.null()])),
  }),
  z.strictObject({ error: z.string() }),
]);
const saidCharactersMax = 2_000;

interface Waiting {
  readonly resolve: (line: string) => void;
  readonly reject: (error: BenchError) => void;
}

/** Has a Lua state of its own from its start to its end. */
export class NativeProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #waiting: Waiting[] = [];
  #said = "";
  #ended: BenchError | undefined;

  /** `path`: of the executable (harness/native/build-peer.ts). */
  constructor(path: string) {
    this.#child = spawn(path, [driverPath], { stdio: ["pipe", "pipe", "pipe"] });
    const { stdin, stdout, stderr } = this.#child;
    createInterface({ input: stdout }).on("line", (line) => this.#waiting.shift()?.resolve(line));
    stderr.setEncoding("utf8");
    stderr.on("data", (text: string) => {
      this.#said = (this.#said + text).slice(-saidCharactersMax);
    });
    // What it could not be told shows in how it ends.
    stdin.on("error", () => {});
    this.#child.once("error", (error) => this.#end(`did not start (${error.message})`));
    this.#child.once("close", (code, by) =>
      this.#end(`ended (${by ?? `exit code ${code}`}) ${this.#said.trim()}`),
    );
  }

  /** Throws BenchError when the program failed, or the child ended. */
  async ask({ code, repeats, evals }: NativeRequest): Promise<NativeAnswer> {
    if (this.#ended !== undefined) throw this.#ended;
    const bytes = Buffer.from(code);
    const line = await new Promise<string>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#child.stdin.write(`${bytes.length} ${repeats} ${evals}\n`);
      this.#child.stdin.write(bytes);
    });
    const answer = answerSchema.parse(JSON.parse(line));
    if ("error" in answer) throw new BenchError(answer.error);
    return answer;
  }

  /** The child ends where its input does. */
  close(): void {
    this.#child.stdin.end();
  }

  #end(problem: string): void {
    this.#ended ??= new BenchError(`the native peer ${problem}`.trim());
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }
}
