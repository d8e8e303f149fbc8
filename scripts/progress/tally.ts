/** Counts what has happened so far in a run: what every display shows. */
import type { RunEvent } from "../../harness/run/event.ts";
import type { Plan } from "../../harness/run/plan.ts";

export interface Totals {
  readonly builds: number;
  readonly cells: number;
  /** Cells of each subject. */
  readonly cellsOf: ReadonlyMap<string, number>;
}

export function totalsOf({ subjects, cells }: Plan): Totals {
  const cellsOf = new Map<string, number>();
  for (const { subject } of cells) cellsOf.set(subject, (cellsOf.get(subject) ?? 0) + 1);
  return { builds: subjects.length, cells: cells.length, cellsOf };
}

export class Tally {
  builds = 0;
  cells = 0;
  passed = 0;
  failed = 0;
  /** Neither passed nor failed: unsupported, skipped, not run. */
  other = 0;
  reused = 0;

  add(event: RunEvent): void {
    switch (event.kind) {
      case "build-finished":
        this.builds += 1;
        return;
      case "cell-finished":
        this.cells += 1;
        return;
      case "outcome":
        if (event.record.state === "pass") this.passed += 1;
        else if (isFailure(event.record.state)) this.failed += 1;
        else this.other += 1;
        if (event.record.reused) this.reused += 1;
        return;
      default:
        return;
    }
  }

  /** "120 passed, 1 failed, 2 not run, 80 reused"; what is zero is left out, but for passed. */
  words(): string {
    return [
      `${this.passed} passed`,
      ...(this.failed > 0 ? [`${this.failed} failed`] : []),
      ...(this.other > 0 ? [`${this.other} without verdict`] : []),
      ...(this.reused > 0 ? [`${this.reused} reused`] : []),
    ].join(", ");
  }
}

export function isFailure(state: string): boolean {
  return state === "fail" || state === "crash" || state === "timeout";
}
