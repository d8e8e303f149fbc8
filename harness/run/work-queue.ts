/** What is to be done next: cells whose artifact is there come before subjects to build. */
import type { Cell, PlannedSubject } from "./plan.ts";

export type Work =
  | { readonly kind: "cell"; readonly cell: Cell }
  | { readonly kind: "subject"; readonly subject: PlannedSubject };

export class WorkQueue {
  readonly #cells: Cell[] = [];
  readonly #subjects: PlannedSubject[];
  #building = 0;
  #closed = false;
  readonly #wake: (() => void)[] = [];

  constructor(subjects: readonly PlannedSubject[]) {
    this.#subjects = buildOrder(subjects);
  }

  /** The next piece of work; waits while a build may still bring some. Undefined: there is none. */
  async take(): Promise<Work | undefined> {
    while (!this.#closed) {
      const cell = this.#cells.shift();
      if (cell !== undefined) return { kind: "cell", cell };
      const subject = this.#subjects.shift();
      if (subject !== undefined) {
        this.#building += 1;
        return { kind: "subject", subject };
      }
      if (this.#building === 0) return undefined;
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
    return undefined;
  }

  /** A subject that was taken is done with, and these cells can run now. */
  built(cells: readonly Cell[]): void {
    this.#building -= 1;
    this.#cells.push(...cells);
    this.#wakeAll();
  }

  /** Nothing more is given out. */
  close(): void {
    this.#closed = true;
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

/** All without post-processing first: the other half then finds its compilations done. */
function buildOrder(subjects: readonly PlannedSubject[]): PlannedSubject[] {
  const optimized = (subject: PlannedSubject): boolean => subject.axes["post"] === "opt";
  return [...subjects.filter((each) => !optimized(each)), ...subjects.filter(optimized)];
}
