/** One place that runs batches in a worker: watched, and replaced when the worker dies or hangs. */
import { assertNever } from "../../runtime/check/assert-never.ts";
import type { Worker, WorkerExit } from "../engine/engine.ts";
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
    const { signal, setUp } = this.#options;
    const worker = this.#worker ?? this.#options.startWorker();
    const isNew = this.#worker === undefined;
    this.#worker = worker;
    const kill = (): void => worker.kill();
    signal.addEventListener("abort", kill);
    try {
      const exchange = new Exchange(worker, this.#options.limits ?? standardLimits, onFinding);
      if (isNew) await exchange.ask({ kind: "set-up", ...setUp });
      const end = await exchange.ask(batch);
      if (end.kind === "gone") this.#worker = undefined;
      return end;
    } finally {
      signal.removeEventListener("abort", kill);
    }
  }
}

/** Sends a request and takes its replies, until it is answered or the worker is gone. */
class Exchange {
  readonly #worker: Worker;
  readonly #limits: Limits;
  readonly #onFinding: BatchHooks["onFinding"];
  #asked: Asked | undefined;
  #found = false;
  #hung: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(worker: Worker, limits: Limits, onFinding: BatchHooks["onFinding"]) {
    this.#worker = worker;
    this.#limits = limits;
    this.#onFinding = onFinding;
  }

  /** Throws FuzzError when the worker says that it can't do it. */
  async ask(request: Request): Promise<End> {
    const worker = this.#worker;
    try {
      return await new Promise<End>((resolve, reject) => {
        worker.onMessage((message) => {
          const reply = replySchema.parse(message);
          if (reply.kind === "failed") return reject(new FuzzError(reply.message));
          const end = this.#take(reply);
          return end === undefined ? undefined : resolve(end);
        });
        worker.exited.then((exit) => resolve(this.#gone(exit)));
        this.#arm(this.#limits.batchMs);
        worker.send(request);
      });
    } finally {
      clearTimeout(this.#timer);
    }
  }

  #take(reply: Exclude<Reply, { kind: "failed" }>): End | undefined {
    this.#arm(reply.kind === "asks" ? this.#limits.programMs : this.#limits.batchMs);
    switch (reply.kind) {
      case "asks":
        this.#asked = reply;
        return undefined;
      case "found":
      case "shrunk":
        this.#found = true;
        this.#onFinding(reply.finding);
        return undefined;
      case "ready":
        return { kind: "answered", counts: nothing };
      case "done":
        return { kind: "answered", counts: reply.counts };
      default:
        return assertNever(reply);
    }
  }

  #arm(limitMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#hung = `gave no answer within ${limitMs / 1000} s`;
      this.#worker.kill();
    }, limitMs);
  }

  #gone({ reason }: WorkerExit): End {
    const words = this.#hung ?? `ended: ${reason} ${this.#worker.takeOutput()}`.trim();
    const asked = this.#asked;
    const found = this.#found;
    return { kind: "gone", reason: words, found, ...(asked === undefined ? {} : { asked }) };
  }
}
