/** Which object of one graph stands for which of another, and where each was met first. */
import type { ObjectId } from "./graph.ts";
import type { Path } from "./paths.ts";

/** What is known when two objects are met at one path. */
export interface Meeting {
  /** They were paired before. */
  readonly isKnown: boolean;
  /** What each of them was paired with before. */
  readonly partner: ObjectId | undefined;
  readonly original: ObjectId | undefined;
}

/** A meeting in which one was not paired before pairs one more object: their number is bounded. */
export class ObjectPairs {
  readonly #afterOf = new Map<ObjectId, ObjectId>();
  readonly #beforeOf = new Map<ObjectId, ObjectId>();
  readonly #beforePaths = new Map<ObjectId, Path>();
  readonly #afterPaths = new Map<ObjectId, Path>();

  afterOf(before: ObjectId): ObjectId | undefined {
    return this.#afterOf.get(before);
  }

  beforeOf(after: ObjectId): ObjectId | undefined {
    return this.#beforeOf.get(after);
  }

  afterPath(after: ObjectId | undefined): Path | undefined {
    return after === undefined ? undefined : this.#afterPaths.get(after);
  }

  meet(before: ObjectId, after: ObjectId, path: Path): Meeting {
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
    return { isKnown, partner, original };
  }

  /** Where else each of them was met; undefined for one that was first met at this path. */
  pathsOf(
    before: ObjectId,
    after: ObjectId,
    path: Path,
  ): { readonly before: Path | undefined; readonly after: Path | undefined } {
    const elsewhere = (first: Path | undefined) => (path.equals(first) ? undefined : first);
    return {
      before: elsewhere(this.#beforePaths.get(before)),
      after: elsewhere(this.#afterPaths.get(after)),
    };
  }
}
