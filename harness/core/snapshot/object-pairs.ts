/** Which object of one graph stands for which of another, and where each was met first. */
import type { ObjectId } from "./graph.ts";

/** What is known when two objects are met at one path. */
export interface Meeting {
  /** They were paired before. */
  readonly isKnown: boolean;
  /** Neither was paired before. */
  readonly isFirst: boolean;
  /** Both were paired before, with others. */
  readonly isConsumed: boolean;
}

/** A meeting that is neither known nor consumed pairs one more object: so their number is bound. */
export class ObjectPairs {
  readonly #afterOf = new Map<ObjectId, ObjectId>();
  readonly #beforeOf = new Map<ObjectId, ObjectId>();
  readonly #beforePaths = new Map<ObjectId, string>();
  readonly #afterPaths = new Map<ObjectId, string>();

  afterOf(before: ObjectId): ObjectId | undefined {
    return this.#afterOf.get(before);
  }

  beforeOf(after: ObjectId): ObjectId | undefined {
    return this.#beforeOf.get(after);
  }

  afterPath(after: ObjectId | undefined): string | undefined {
    return after === undefined ? undefined : this.#afterPaths.get(after);
  }

  meet(before: ObjectId, after: ObjectId, path: string): Meeting {
    const partner = this.#afterOf.get(before);
    const original = this.#beforeOf.get(after);
    const isKnown = partner === after || original === before;
    if (partner === undefined) {
      this.#afterOf.set(before, after);
      this.#beforePaths.set(before, path);
    }
    if (original === undefined) {
      this.#beforeOf.set(after, before);
      this.#afterPaths.set(after, path);
    }
    return {
      isKnown,
      isFirst: partner === undefined && original === undefined,
      isConsumed: partner !== undefined && original !== undefined,
    };
  }

  /** Where else each of them was met; undefined for one that was first met at this path. */
  pathsOf(
    before: ObjectId,
    after: ObjectId,
    path: string,
  ): { readonly before: string | undefined; readonly after: string | undefined } {
    const elsewhere = (first: string | undefined) => (first === path ? undefined : first);
    return {
      before: elsewhere(this.#beforePaths.get(before)),
      after: elsewhere(this.#afterPaths.get(after)),
    };
  }
}
