/** One request to a worker: its replies are checked, its silence has a limit, its death is told. */
import { z } from "zod";
import type { Worker } from "./engine.ts";
import { patientTimer } from "./patient-timer.ts";

export interface Exchange<Reply, Answer> {
  readonly worker: Worker;
  readonly request: unknown;
  readonly schema: z.ZodType<Reply>;
  /** Ends the worker. */
  readonly signal: AbortSignal;
  /**
   * How long it may be silent from now on, in milliseconds of the time in which it could run; asked
   * again after each reply.
   */
  readonly limitMs: () => number;
  /** Takes a reply; what it gives ends the exchange. What it throws does so too. */
  readonly take: (reply: Reply) => Answer | undefined;
}

export type Exchanged<Answer> =
  | { readonly kind: "answered"; readonly answer: Answer }
  | WorkerGone
  /** The signal ended it. */
  | { readonly kind: "aborted" };

/** The worker is no more, and must not be used again. */
export interface WorkerGone {
  readonly kind: "gone";
  /** "no answer within 10 s", or how it ended. */
  readonly reason: string;
  /** It was silent for longer than this, and was ended for it. */
  readonly silentMs: number | undefined;
  /** The last that it wrote. */
  readonly output: string;
}

/** A worker said what is no reply: a fault of ours. */
export class ReplyError extends Error {
  override readonly name = "ReplyError";
}

/** Throws ReplyError, and what `take` throws: then the worker is to be ended. */
export async function exchange<Reply, Answer>({
  worker,
  request,
  schema,
  signal,
  limitMs,
  take,
}: Exchange<Reply, Answer>): Promise<Exchanged<Answer>> {
  let cancel = (): void => undefined;
  let silentMs: number | undefined;
  const kill = (): void => worker.kill();
  const watch = (): void => {
    cancel();
    const allowedMs = limitMs();
    cancel = patientTimer({
      limitMs: allowedMs,
      queues: () => worker.queues(),
      onExpired: () => {
        silentMs = allowedMs;
        worker.kill();
      },
    });
  };
  if (signal.aborted) kill();
  signal.addEventListener("abort", kill);
  try {
    return await new Promise<Exchanged<Answer>>((resolve, reject) => {
      worker.onMessage((message) => {
        const checked = schema.safeParse(message);
        if (!checked.success) {
          return reject(
            new ReplyError(`a worker said what is no reply: ${z.prettifyError(checked.error)}`),
          );
        }
        try {
          const answer = take(checked.data);
          if (answer !== undefined) return resolve({ kind: "answered", answer });
        } catch (error) {
          return reject(error);
        }
        return watch();
      });
      worker.exited.then((exit) => {
        if (signal.aborted) return resolve({ kind: "aborted" });
        const reason =
          silentMs === undefined ? exit.reason : `no answer within ${silentMs / 1_000} s`;
        return resolve({ kind: "gone", reason, silentMs, output: worker.takeOutput().trim() });
      });
      worker.send(request);
      watch();
    });
  } finally {
    cancel();
    // What comes later belongs to no exchange.
    worker.onMessage(() => undefined);
    signal.removeEventListener("abort", kill);
  }
}
