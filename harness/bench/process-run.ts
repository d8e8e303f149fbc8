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
 * Resolves when the process is gone. One that dies or hangs over a workload gave a wrong result of
 * it; of the workloads behind it nothing is told. Throws BenchError when it does so at its start,
 * or says what it should not, and the signal's reason when it is aborted.
 */
export async function runProcess({ order, start, signal, onReply }: ProcessRun): Promise<void> {
  signal.throwIfAborted();
  const worker = start();
  let current: string | undefined;
  let isDone = false;
  let timer: NodeJS.Timeout | undefined;
  const onAbort = (): void => worker.kill();
  signal.addEventListener("abort", onAbort);
  try {
    await new Promise<void>((resolve, reject) => {
      const end = (reason: string): void => {
        if (isDone) return;
        isDone = true;
        const workload = current;
        if (workload === undefined || signal.aborted) {
          return reject(new BenchError(`the start: ${reason}`));
        }
        onReply({ kind: "wrong", workload, message: `${workload}: ${reason}` });
        return resolve();
      };
      const watch = (): void => {
        clearTimeout(timer);
        const reason = `no answer for ${silenceMsMax / 60_000} minutes`;
        timer = setTimeout(() => end(reason), silenceMsMax);
      };
      watch();
      worker.onMessage((message) => {
        watch();
        const checked = replySchema.safeParse(message);
        if (!checked.success) {
          const place = current ?? "the start";
          return reject(new BenchError(`${place}: ${z.prettifyError(checked.error)}`));
        }
        const reply = checked.data;
        if (reply.kind === "done") return resolve();
        if (reply.kind === "failed") return reject(new BenchError(reply.message));
        current = reply.workload;
        return onReply(reply);
      });
      worker.exited.then(({ reason }) => {
        end(`the process ended (${reason}) ${worker.takeOutput().trim()}`.trimEnd());
      });
      worker.send(order);
    });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    isDone = true;
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    worker.kill();
    await worker.exited;
  }
}
