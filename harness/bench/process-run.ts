/** One of the processes of a measurement, from outside: started, listened to, ended. */
import type { Worker } from "../engine/engine.ts";
import { exchange, ReplyError, type WorkerGone } from "../engine/watched.ts";
import { type Order, type Reply, replySchema } from "./protocol.ts";
import { BenchError } from "./subject.ts";

export interface ProcessRun {
  readonly order: Order;
  readonly start: () => Worker;
  readonly signal: AbortSignal;
  readonly onReply: (reply: Exclude<Reply, { readonly kind: "done" | "failed" }>) => void;
}

/** A workload of one process is silent for seconds: what is so for minutes hangs. */
const silenceMsMax = 5 * 60_000;

/**
 * Resolves when the process is gone. One that dies or hangs over a workload gave a wrong result of
 * it; of the workloads behind it nothing is told. Throws BenchError when it does so at its start,
 * or says what it should not, and the signal's reason when it is aborted.
 */
export async function runProcess({ order, start, signal, onReply }: ProcessRun): Promise<void> {
  signal.throwIfAborted();
  const worker = start();
  let current: string | undefined;
  let hasBegun = false;
  try {
    const end = await exchange({
      worker,
      request: order,
      schema: replySchema,
      signal,
      limitMs: () => silenceMsMax,
      take: (reply) => {
        if (reply.kind === "done") return reply;
        if (reply.kind === "failed") throw new BenchError(reply.message);
        hasBegun = true;
        current = reply.kind === "begin" ? reply.workload : undefined;
        onReply(reply);
        return undefined;
      },
    });
    if (end.kind === "gone") {
      const message = `${current ?? "the start"}: ${reasonOf(end)}`;
      if (!hasBegun) throw new BenchError(message);
      // Between two workloads it is told in the next process, where nothing of it is lost.
      if (current !== undefined) onReply({ kind: "wrong", workload: current, message });
    }
  } catch (error) {
    if (!(error instanceof ReplyError)) throw error;
    throw new BenchError(`${current ?? "the start"}: ${error.message}`, { cause: error });
  } finally {
    worker.kill();
    await worker.exited;
  }
  signal.throwIfAborted();
}

function reasonOf({ reason, silentMs, output }: WorkerGone): string {
  return silentMs === undefined ? `the process ended (${reason}) ${output}`.trimEnd() : reason;
}
