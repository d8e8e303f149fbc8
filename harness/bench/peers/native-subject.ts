/** The peer that is stock Lua for this machine: a child process per job, which times itself. */
import { z } from "zod";
import {
  BenchError,
  type Execution,
  type Preparation,
  type Sample,
  type Subject,
} from "../subject.ts";
import { executeCode, type Job } from "../workload.ts";
import { NativeProcess, type NativeRequest } from "./native-process.ts";
import { whyNoPeer } from "./unsupported.ts";

export const nativePeerSchema = z.union([
  z.strictObject({ path: z.string(), version: z.string() }),
  z.strictObject({ missing: z.string() }),
]);

/** The executable and its Lua's version; or why it is not there, with the remedy. */
export type NativePeer = z.infer<typeof nativePeerSchema>;

export function nativeSubject(peer: NativePeer): Subject {
  return {
    name: "missing" in peer ? "native" : `native-${peer.version}`,
    axes: {},
    prepare: async (job) => {
      if ("missing" in peer) return unsupported(peer.missing);
      const reason = whyNot(job);
      if (reason !== undefined) return unsupported(reason);
      return { state: "ready", execution: await executionOf(peer.path, job) };
    },
  };
}

function unsupported(reason: string): Preparation {
  return { state: "unsupported", reason };
}

function whyNot(job: Job): string | undefined {
  if (job.action === "fresh-eval") return "a Lua program can't make Lua states";
  return whyNoPeer(job);
}

async function executionOf(path: string, { action, code, size }: Job): Promise<Execution> {
  const child = new NativeProcess(path);
  if (action === "persistent-eval") return new NativeExecution(child, { code, evals: size });
  if (action !== "call-program") return new NativeExecution(child, { code, evals: 1 });
  try {
    await child.ask({ code, repeats: 0, evals: 1 });
  } catch (error) {
    // This process would wait for it.
    child.close();
    throw error;
  }
  return new NativeExecution(child, { code: executeCode, evals: 1 });
}

class NativeExecution implements Execution {
  readonly isAsync = true;
  readonly #child: NativeProcess;
  readonly #request: Omit<NativeRequest, "repeats">;

  constructor(child: NativeProcess, request: Omit<NativeRequest, "repeats">) {
    this.#child = child;
    this.#request = request;
  }

  /** The child collects its garbage before each span, of its own accord. */
  settle(): void {}

  async run(): Promise<unknown> {
    return (await this.timeItself(1)).answers[0];
  }

  /** The way through the pipes is not in the time. */
  async timeItself(repeats: number): Promise<Sample> {
    const { seconds, values } = await this.#child.ask({ ...this.#request, repeats });
    if (values.length !== repeats) {
      throw new BenchError(`the native peer gave ${values.length} values for ${repeats}`);
    }
    return { durationMs: (seconds * 1_000) / repeats, answers: values };
  }

  read(answer: unknown): unknown {
    return answer;
  }

  [Symbol.dispose](): void {
    this.#child.close();
  }
}
