/** One of the processes of a measurement, from outside: started, listened to, ended. */
import { z } from "zod";
import type { Worker } from "../engine/engine.ts";
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
 * Resolves when the order is carried out and the process is gone. Throws BenchError when a result
 * is wrong, or the process dies or hangs; the signal's reason when it is aborted.
 */
export async function runProcess({ order, start, signal, onReply }: ProcessRun): Promise<void> {
  signal.throwIfAborted();
  const worker = start();
  let current = "the start";
  let timer: NodeJS.Timeout | undefined;
  const onAbort = (): void => worker.kill();
  signal.addEventListener("abort", onAbort);
  try {
    await new Promise<void>((resolve, reject) => {
      const watch = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          reject(new BenchError(`${current}: no answer for ${silenceMsMax / 60_000} minutes`));
        }, silenceMsMax);
      };
      watch();
      worker.onMessage((message) => {
        watch();
        const checked = replySchema.safeParse(message);
        if (!checked.success) {
          return reject(new BenchError(`${current}: ${z.prettifyError(checked.error)}`));
        }
        const reply = checked.data;
        if (reply.kind === "done") return resolve();
        if (reply.kind === "failed") return reject(new BenchError(reply.message));
        if (reply.kind === "begin") current = reply.workload;
        return onReply(reply);
      });
      worker.exited.then(({ reason }) => {
        const output = worker.takeOutput().trim();
        reject(new BenchError(`${current}: the process ended (${reason}) ${output}`.trimEnd()));
      });
      worker.send(order);
    });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    worker.kill();
    await worker.exited;
  }
}
