/** One place that runs batches in a worker: watched, and replaced when the worker dies or hangs. */
import { assertNever } from "../../runtime/check/assert-never.ts";
import type { Worker } from "../engine/engine.ts";
import { exchange, type WorkerGone } from "../engine/watched.ts";
import { batchSeed } from "./batch.ts";
import type { Finding } from "./finding.ts";
import {
  type Batch,
  type Counts,
  type Reply,
  type Request,
  replySchema,
  type SetUp,
} from "./protocol.ts";
import { type Answer, nativeName } from "./side.ts";

/** A worker can't work at all: no program is to blame. */
export class FuzzError extends Error {
  override readonly name = "FuzzError";
}

export interface Limits {
  /** How long a batch may be silent; a worker may have to load the targets first. */
  readonly batchMs: number;
  /** How long one program may take on one side, when it is watched alone. */
  readonly programMs: number;
}

const standardLimits: Limits = { batchMs: 60_000, programMs: 10_000 };

export interface StationOptions {
  readonly setUp: Omit<SetUp, "kind">;
  readonly signal: AbortSignal;
  readonly startWorker: () => Worker;
  readonly limits?: Limits;
}

export type BatchOrder = Pick<Batch, "seed" | "batch" | "programs">;

export interface BatchHooks {
  readonly shrinks: boolean;
  readonly onFinding: (finding: Finding) => void;
}

type Asked = Extract<Reply, { kind: "asks" }>;

/** How a request ended. */
type End =
  | { readonly kind: "answered"; readonly counts: Counts }
  | {
      readonly kind: "gone";
      readonly reason: string;
      readonly asked?: Asked;
      readonly found: boolean;
    };

const nothing: Counts = { programs: 0, setAside: {}, differing: {}, tallies: {} };

export class Station {
  readonly #options: StationOptions;
  #worker: Worker | undefined;

  constructor(options: StationOptions) {
    this.#options = options;
  }

  close(): void {
    this.#worker?.kill();
    this.#worker = undefined;
  }

  /** Runs a batch to its end, whatever it does to its worker. Aborted, it counts as nothing. */
  async run(order: BatchOrder, { shrinks, onFinding }: BatchHooks): Promise<Counts> {
    const request = { kind: "batch", ...order, from: 0 } as const;
    const first = await this.#ask({ ...request, careful: false, shrinks }, onFinding);
    if (first.kind === "answered") return first.counts;
    if (this.#options.signal.aborted) return nothing;
    if (first.found) {
      // It died of the attempts to shrink what it had told: the batch itself has an end.
      const again = await this.#ask({ ...request, careful: false, shrinks: false }, onFinding);
      if (again.kind === "answered") return again.counts;
    }
    return await this.#runCarefully(order, onFinding);
  }

  /** Charges each program that ends a worker, and goes on behind it in another. */
  async #runCarefully(order: BatchOrder, onFinding: BatchHooks["onFinding"]): Promise<Counts> {
    let from = 0;
    while (from < order.programs && !this.#options.signal.aborted) {
      const batch = { kind: "batch", ...order, from, careful: true, shrinks: false } as const;
      const end = await this.#ask(batch, onFinding);
      if (end.kind === "answered") break;
      if (this.#options.signal.aborted) break;
      const { asked, reason } = end;
      if (asked === undefined) {
        throw new FuzzError(`batch ${order.batch} of seed ${order.seed}: the worker ${reason}`);
      }
      onFinding(this.#charge(order, asked, reason));
      from = asked.index + 1;
    }
    return { ...nothing, programs: order.programs };
  }

  #charge(order: BatchOrder, { index, side, program }: Asked, reason: string): Finding {
    const broken: Answer = { kind: "broken", text: reason };
    const other: Answer = { kind: "text", text: "(not compared)" };
    return {
      suite: this.#options.setUp.target,
      seed: order.seed,
      batch: order.batch,
      index,
      generatorSeed: batchSeed(order),
      path: String(index),
      sides: [side],
      state: "raw",
      programs: [program],
      native: side === nativeName ? broken : other,
      other: side === nativeName ? other : broken,
    };
  }

  async #ask(batch: Batch, onFinding: BatchHooks["onFinding"]): Promise<End> {
    const { setUp, startWorker, signal, limits = standardLimits } = this.#options;
    const worker = this.#worker ?? startWorker();
    const isNew = this.#worker === undefined;
    this.#worker = worker;
    const request = { worker, signal, limits, onFinding };
    const ready = isNew ? await ask({ kind: "set-up", ...setUp }, request) : undefined;
    const end = ready?.kind === "gone" ? ready : await ask(batch, request);
    if (end.kind === "gone") this.#worker = undefined;
    return end;
  }
}

interface Asking {
  readonly worker: Worker;
  readonly signal: AbortSignal;
  readonly limits: Limits;
  readonly onFinding: BatchHooks["onFinding"];
}

/** Throws FuzzError when the worker says that it can't do it. */
async function ask(request: Request, { worker, signal, limits, onFinding }: Asking): Promise<End> {
  let asked: Asked | undefined;
  let found = false;
  const take = (reply: Reply): Counts | undefined => {
    asked = reply.kind === "asks" ? reply : asked;
    switch (reply.kind) {
      case "asks":
        return undefined;
      case "found":
      case "shrunk":
        found = true;
        onFinding(reply.finding);
        return undefined;
      case "ready":
        return nothing;
      case "done":
        return reply.counts;
      case "failed":
        throw new FuzzError(reply.message);
      default:
        return assertNever(reply);
    }
  };
  let isProgram = false;
  const end = await exchange({
    worker,
    request,
    schema: replySchema,
    signal,
    limitMs: () => (isProgram ? limits.programMs : limits.batchMs),
    take: (reply) => {
      isProgram = reply.kind === "asks";
      return take(reply);
    },
  });
  if (end.kind === "answered") return { kind: "answered", counts: end.answer };
  const reason = end.kind === "aborted" ? "was ended" : reasonOf(end);
  return { kind: "gone", reason, found, ...(asked === undefined ? {} : { asked }) };
}

function reasonOf({ reason, silentMs, output }: WorkerGone): string {
  if (silentMs !== undefined) return `gave no answer within ${silentMs / 1000} s`;
  return `ended: ${reason} ${output}`.trim();
}
