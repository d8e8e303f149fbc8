/** Progress as plain lines: one when a subject is built, one when it is tested, one per failure. */

import type { BuildRecord } from "../../harness/record/record.ts";
import type { RunEvent } from "../../harness/run/event.ts";
import { assertNever } from "../../runtime/check/assert-never.ts";
import type { TextStream } from "../command/invocation.ts";
import type { Display } from "./display.ts";
import { failureLine, failureLines } from "./failure-lines.ts";
import { isFailure, Tally, type Totals } from "./tally.ts";
import { duration } from "./words.ts";

export interface LineLogOptions {
  readonly stream: TextStream;
  readonly totals: Totals;
  readonly nowMs: () => number;
}

export class LineLog implements Display {
  readonly #options: LineLogOptions;
  readonly #startedMs: number;
  readonly #tally = new Tally();
  readonly #failures = failureLines();
  readonly #subjects = new Map<string, Tally>();

  constructor(options: LineLogOptions) {
    this.#options = options;
    this.#startedMs = options.nowMs();
  }

  readonly onEvent = (event: RunEvent): void => {
    this.#tally.add(event);
    switch (event.kind) {
      case "build-finished":
        return this.line(this.#buildLine(event.record));
      case "outcome":
        this.#tallyOf(event.cell.subject).add(event);
        if (isFailure(event.record.state))
          this.#failures.tell(failureLine(event.record), this.line);
        return;
      case "cell-finished":
        return this.#cellFinished(event);
      default:
        return;
    }
  };

  readonly line = (text: string): void => {
    const elapsed = duration(this.#options.nowMs() - this.#startedMs);
    this.#options.stream.write(`[${elapsed}] ${text}\n`);
  };

  readonly close = (): void => undefined;

  #cellFinished(event: Extract<RunEvent, { kind: "cell-finished" }>): void {
    const { subject } = event.cell;
    const { totals } = this.#options;
    const tally = this.#tallyOf(subject);
    tally.add(event);
    if (tally.cells < (totals.cellsOf.get(subject) ?? 0)) return;
    this.line(`tested ${subject}: ${tally.words()} (${this.#tally.cells}/${totals.cells} cells)`);
  }

  #buildLine(record: BuildRecord): string {
    const count = `(${this.#tally.builds}/${this.#options.totals.builds})`;
    switch (record.state) {
      case "failed":
        return `FAILED build of ${record.variant} failed ${count}\n${record.message ?? ""}`;
      case "cached":
        return `built ${record.variant} before ${count}`;
      case "built": {
        const tookMs = record.steps.reduce((sum, { durationMs }) => sum + durationMs, 0);
        return `built ${record.variant} in ${duration(tookMs)} ${count}`;
      }
      default:
        return assertNever(record.state);
    }
  }

  #tallyOf(subject: string): Tally {
    const tally = this.#subjects.get(subject) ?? new Tally();
    this.#subjects.set(subject, tally);
    return tally;
  }
}
