/** A list of work, done by some side by side in the list's order. */

export interface Parallel<Item> {
  /** How many are worked on at a time. */
  readonly jobs: number;
  /** Ends it: what has not begun is left. */
  readonly signal: AbortSignal;
  /** Its signal is aborted with the list's, and when the work on another item failed. */
  readonly work: (item: Item, signal: AbortSignal) => Promise<void>;
}

/** Rejects with the first fault, when all that had begun is at its end. */
export async function inParallel<Item>(
  items: readonly Item[],
  { jobs, signal, work }: Parallel<Item>,
): Promise<void> {
  const left = [...items];
  const fault = new AbortController();
  const either = AbortSignal.any([signal, fault.signal]);
  const workThrough = async (): Promise<void> => {
    try {
      for (let item = left.shift(); item !== undefined; item = left.shift()) {
        if (either.aborted) return;
        await work(item, either);
      }
    } catch (error) {
      // What the others throw because of this abort comes after, and adds nothing.
      fault.abort(error);
    }
  };
  await Promise.all(Array.from({ length: jobs }, workThrough));
  if (fault.signal.aborted && !signal.aborted) throw fault.signal.reason;
}
