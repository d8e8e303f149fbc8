/** One of the processes of a measurement, from within: makes its subjects, times, answers. */
import type { Channel } from "../engine/serve.ts";
import { randomOf, shuffled } from "../statistics/random.ts";
import { resolutionOf } from "./clock.ts";
import { coreSubject } from "./core-subject.ts";
import { freshModule } from "./fresh-module.ts";
import { peerSubjects } from "./peers/peers.ts";
import {
  type Order,
  orderSchema,
  type Reply,
  type TimedReply,
  type WrongReply,
} from "./protocol.ts";
import { type RoundsOptions, timeRounds } from "./rounds.ts";
import { BenchError, type Subject } from "./subject.ts";
import type { Job } from "./workload.ts";

/** What a process is given of the outside. */
export interface ProcessContext extends Channel<Reply> {
  readonly readFile: (path: string) => Promise<Uint8Array<ArrayBuffer>>;
  /** The job of a workload, by its name. */
  readonly jobOf: (workload: string) => Promise<Job>;
  /** In milliseconds, as fine as it gets. */
  readonly now: () => number;
}

/** Waits for the order, and carries it out. What goes wrong is told, and ends it. */
export function serveOrder(context: ProcessContext): void {
  context.onMessage((message) => {
    carryOut(orderSchema.parse(message), context).then(
      () => context.send({ kind: "done" }),
      (error: unknown) =>
        context.send({
          kind: "failed",
          message: error instanceof Error ? error.message : String(error),
        }),
    );
  });
}

async function carryOut(order: Order, context: ProcessContext): Promise<void> {
  const { send, now } = context;
  const begunMs = now();
  const random = randomOf(order.seed);
  const resolutionMs = resolutionOf(now);
  const subjects = await subjectsOf(order, { ...context, random });
  const workloads = shuffled(order.workloads, random);
  for (const [index, workload] of workloads.entries()) {
    await send({ kind: "begin", workload });
    const workloadMs = now();
    const leftMs = order.budgetMs - (workloadMs - begunMs);
    const options = {
      budgetMs: leftMs / (workloads.length - index),
      ...(order.rounds === undefined ? {} : { rounds: order.rounds }),
      resolutionMs,
      random,
      now,
      signal: never,
    };
    const timed = await timedOrWrong(await context.jobOf(workload), subjects, options);
    await send(
      timed.kind === "wrong" ? timed : { ...timed, resolutionMs, tookMs: now() - workloadMs },
    );
  }
}

/** The others are timed all the same where one gives a wrong result. */
async function timedOrWrong(
  job: Job,
  subjects: readonly Subject[],
  options: RoundsOptions,
): Promise<WrongReply | Omit<TimedReply, "resolutionMs" | "tookMs">> {
  try {
    const timed = await timeRounds(job, subjects, options);
    return {
      ...timed,
      kind: "timed",
      subjects: timed.subjects.map(({ subject, samplesMs, rounds }) => ({
        subject,
        samplesMs: [...samplesMs],
        rounds: [...rounds],
      })),
      unsupported: [...timed.unsupported],
    };
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    const { message, subject } = error;
    const place = { kind: "wrong", workload: job.workload, message } as const;
    return subject === undefined ? place : { ...place, subject };
  }
}

/** Who measures ends the process when it is to stop. */
const never = new AbortController().signal;

/** Compiled in random order too: where code comes to lie is chance in each process. */
async function subjectsOf(
  { cores, peers, facts }: Order,
  { readFile, random }: ProcessContext & { readonly random: () => number },
): Promise<readonly Subject[]> {
  const made = new Map<string, Subject>();
  for (const { name, axes, wasmPath } of shuffled(cores, random)) {
    const wasm = freshModule(await readFile(wasmPath), Math.floor(random() * 2 ** 32));
    made.set(name, await coreSubject({ name, axes, wasm }));
  }
  const inOrder = cores.flatMap(({ name }) => made.get(name) ?? []);
  return [...inOrder, ...peerSubjects(facts, peers)];
}
