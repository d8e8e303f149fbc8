/** What all stores do alike: what is given is checked, calls keep their order, locks are obeyed. */
import { isA } from "../check/errors.ts";
import { copyOfBytes } from "../check/given-bytes.ts";
import { OneAtATime } from "./one-at-a-time.ts";
import {
  badRequest,
  checkName,
  checkSize,
  closedError,
  isName,
  readOnlyError,
  type Store,
  StoreError,
  takenOverError,
  type WriterLock,
} from "./store.ts";

/** What went wrong, in words: what was to be done, and what the system said. */
export type Explain = (what: string, cause: unknown) => StoreError;

/**
 * Where a store's blobs are. Called one at a time, with names that are some, and bytes that nobody
 * else has. A StoreError "locked" says that another one has taken the store over.
 */
export interface Keeper {
  readonly read: (name: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;
  readonly write: (name: string, bytes: Uint8Array<ArrayBuffer>) => Promise<void>;
  readonly append: (name: string, bytes: Uint8Array<ArrayBuffer>) => Promise<void>;
  readonly remove: (name: string) => Promise<void>;
  /** What is kept: also what no store names so. */
  readonly names: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
  readonly explain: Explain;
}

export class CheckedStore implements Store {
  readonly #keeper: Keeper;
  readonly #lock: WriterLock | undefined;
  readonly #queue = new OneAtATime();
  #ended: { readonly reason: () => StoreError; readonly isOver: Promise<void> } | undefined;

  /** `lock`: undefined where another one writes. It may have been taken already. */
  constructor({
    keeper,
    lock,
  }: { readonly keeper: Keeper; readonly lock: WriterLock | undefined }) {
    this.#keeper = keeper;
    this.#lock = lock;
    if (lock !== undefined) whenAborted(lock.taken, () => this.#giveWay());
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    this.#check(name);
    return await this.#do(`${name} can't be read`, () => this.#keeper.read(name));
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    const copy = this.#checkedCopy(name, bytes);
    await this.#change(`${name} can't be written`, () => this.#keeper.write(name, copy));
  }

  async append(name: string, bytes: Uint8Array): Promise<void> {
    const copy = this.#checkedCopy(name, bytes);
    await this.#change(`${name} can't be appended to`, () => this.#keeper.append(name, copy));
  }

  async remove(name: string): Promise<void> {
    this.#check(name);
    await this.#change(`${name} can't be removed`, () => this.#keeper.remove(name));
  }

  async names(): Promise<readonly string[]> {
    this.#checkOpen();
    const names = await this.#do("the names can't be read", () => this.#keeper.names());
    // Whatever else lies there is nothing that can be read or removed by a name.
    return [...new Set(names.filter(isName))].sort();
  }

  get isReadOnly(): boolean {
    return this.#lock === undefined;
  }

  async close(): Promise<void> {
    await this.#end(closedError);
  }

  /** Another one takes over, once what was begun has ended. */
  #giveWay(): void {
    this.#end(takenOverError).catch(() => undefined);
  }

  /** Later calls reject with that reason. */
  #end(reason: () => StoreError): Promise<void> {
    this.#ended ??= {
      reason,
      isOver: this.#do("the store can't be closed", async () => {
        try {
          await this.#keeper.close();
        } finally {
          await this.#lock?.release();
        }
      }),
    };
    return this.#ended.isOver;
  }

  #checkOpen(): void {
    if (this.#ended !== undefined) throw this.#ended.reason();
  }

  #check(name: string): void {
    this.#checkOpen();
    checkName(name);
  }

  /** As the bytes are now: whoever gave them may change them before they are kept. */
  #checkedCopy(name: string, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    this.#check(name);
    let copy: Uint8Array<ArrayBuffer>;
    try {
      copy = copyOfBytes(bytes, `what is kept under ${name} is a Uint8Array`);
    } catch (cause) {
      throw badRequest(cause);
    }
    checkSize(name, copy.length);
    return copy;
  }

  async #change(what: string, work: () => Promise<void>): Promise<void> {
    if (this.isReadOnly) throw readOnlyError();
    await this.#do(what, async () => {
      await this.#lock?.confirm?.();
      await work();
      // Another one may have come meanwhile: then nobody knows whose change is kept.
      await this.#lock?.confirm?.();
    });
  }

  async #do<Answer>(what: string, work: () => Promise<Answer>): Promise<Answer> {
    return await this.#queue.run(async () => {
      try {
        return await explained(this.#keeper, what, work);
      } catch (error) {
        if (isA(error, StoreError) && error.reason === "locked") this.#giveWay();
        throw error;
      }
    });
  }
}

/** Now, where it was aborted before; not once `until` is aborted. */
export function whenAborted(signal: AbortSignal, work: () => void, until?: AbortSignal): void {
  if (signal.aborted) work();
  else signal.addEventListener("abort", work, { once: true, ...(until && { signal: until }) });
}

/** How a store is opened: its lock first, then what keeps its blobs. */
export interface Opening {
  /** What failed where something does. */
  readonly what: string;
  readonly explain: Explain;
  /** Ends the waiting: its reason is thrown. */
  readonly signal: AbortSignal | undefined;
  readonly takeLock: () => Promise<WriterLock | undefined>;
  readonly keeperOf: (lock: WriterLock | undefined) => Promise<Keeper>;
}

/** Throws StoreError, or the signal's reason; nobody has the lock then. */
export async function openChecked(opening: Opening): Promise<CheckedStore> {
  const { what, signal, takeLock, keeperOf } = opening;
  try {
    return await explained(opening, what, async () => {
      const lock = await takeLock();
      try {
        return new CheckedStore({ keeper: await keeperOf(lock), lock });
      } catch (error) {
        await lock?.release().catch(() => undefined);
        throw error;
      }
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** Gives what the system throws a StoreError's words. */
async function explained<Answer>(
  explainer: { readonly explain: Explain },
  what: string,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (cause) {
    throw isA(cause, StoreError) ? cause : explainer.explain(what, cause);
  }
}
