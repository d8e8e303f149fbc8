/** The native peer's child process, asked one execution after the other. */
import { StringDecoder } from "node:string_decoder";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { PipedProgram } from "../../engine/piped-program.ts";
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

interface Waiting {
  readonly resolve: (line: string) => void;
  readonly reject: (error: BenchError) => void;
}

/** Has a Lua state of its own from its start to its end. */
export class NativeProcess {
  readonly #program: PipedProgram;
  readonly #waiting: Waiting[] = [];
  #ended: BenchError | undefined;

  /** `path`: of the executable (harness/native/build-peer.ts). */
  constructor(path: string) {
    const decoder = new StringDecoder("utf8");
    let line = "";
    this.#program = new PipedProgram({
      command: [path, driverPath],
      onData: (chunk) => {
        const lines = (line + decoder.write(chunk)).split("\n");
        line = lines.pop() ?? "";
        for (const each of lines) this.#waiting.shift()?.resolve(each);
      },
      onEnd: (problem) => this.#end(problem),
    });
  }

  /** Throws BenchError when the program failed, or the child ended. */
  async ask({ code, repeats, evals }: NativeRequest): Promise<NativeAnswer> {
    if (this.#ended !== undefined) throw this.#ended;
    const bytes = Buffer.from(code);
    const line = await new Promise<string>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#program.write(`${bytes.length} ${repeats} ${evals}\n`);
      this.#program.write(bytes);
    });
    const answer = answerSchema.parse(JSON.parse(line));
    if ("error" in answer) throw new BenchError(answer.error);
    return answer;
  }

  /** The child ends where its input does. */
  close(): void {
    void this.#program.close();
  }

  #end(problem: string): void {
    this.#ended ??= new BenchError(`the native peer ${problem}`);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }
}
