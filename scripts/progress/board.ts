/** Progress on a terminal: one line of counts and one per piece of work, repainted in place. */

import type { RunEvent } from "../../harness/run/event.ts";
import { assertNever } from "../../runtime/check/assert-never.ts";
import type { TextStream } from "../command/invocation.ts";
import type { Display } from "./display.ts";
import { failureLine, failureLines } from "./failure-lines.ts";
import { isFailure, Tally, type Totals } from "./tally.ts";
import { duration } from "./words.ts";

export interface BoardOptions {
  readonly stream: TextStream;
  readonly totals: Totals;
  readonly nowMs: () => number;
  readonly colored: boolean;
}

interface Activity {
  readonly text: string;
  readonly startedMs: number;
}

/** Fast enough to look alive, slow enough for a terminal over a slow line. */
const repaintMs = 120;

export class Board implements Display {
  readonly #options: BoardOptions;
  readonly #startedMs: number;
  readonly #tally = new Tally();
  readonly #failures = failureLines();
  readonly #active = new Map<string, Activity>();
  readonly #timer: NodeJS.Timeout;
  #painted = 0;

  constructor(options: BoardOptions) {
    this.#options = options;
    this.#startedMs = options.nowMs();
    this.#timer = setInterval(() => this.#paint(), repaintMs);
    this.#timer.unref();
  }

  readonly onEvent = (event: RunEvent): void => {
    this.#tally.add(event);
    switch (event.kind) {
      case "build-started":
        return this.#begin(event.subject, `build ${event.subject}`);
      case "build-step":
        return this.#retitle(event.subject, `build ${event.subject}: ${event.step}`);
      case "build-finished":
        this.#active.delete(event.subject);
        if (event.record.state !== "failed") return;
        return this.line(
          this.#red(`build of ${event.subject} failed: ${event.record.message ?? ""}`),
        );
      case "cell-started":
        return this.#begin(keyOf(event.cell), `test  ${keyOf(event.cell)}`);
      case "case-started":
        return this.#retitle(keyOf(event.cell), `test  ${event.cell.subject}: ${event.case}`);
      case "cell-finished":
        this.#active.delete(keyOf(event.cell));
        return;
      case "outcome":
        if (!isFailure(event.record.state)) return;
        return this.#failures.tell(failureLine(event.record), (text) => this.line(this.#red(text)));
      default:
        return assertNever(event);
    }
  };

  readonly line = (text: string): void => {
    this.#erase();
    this.#options.stream.write(`${text}\n`);
    this.#paint();
  };

  readonly close = (): void => {
    clearInterval(this.#timer);
    this.#erase();
  };

  #begin(key: string, text: string): void {
    this.#active.set(key, { text, startedMs: this.#options.nowMs() });
  }

  #retitle(key: string, text: string): void {
    const activity = this.#active.get(key);
    if (activity !== undefined) this.#active.set(key, { ...activity, text });
  }

  #paint(): void {
    const { stream, totals, nowMs } = this.#options;
    const now = nowMs();
    const head =
      `builds ${this.#tally.builds}/${totals.builds} · cells ${this.#tally.cells}/${totals.cells}` +
      ` · ${this.#tally.words()} · ${duration(now - this.#startedMs)}`;
    const work = [...this.#active.values()].map(
      ({ text, startedMs }) => `  ${text}  ${duration(now - startedMs)}`,
    );
    const width = Math.max(20, (stream.columns ?? 80) - 1);
    const lines = [head, ...work].map((line) => line.slice(0, width));
    this.#erase();
    stream.write(`${lines.join("\n")}\n`);
    this.#painted = lines.length;
  }

  /** Cursor up over what was painted, and clear from there to the end of the screen. */
  #erase(): void {
    if (this.#painted > 0) this.#options.stream.write(`\u001b[${this.#painted}A\u001b[J`);
    this.#painted = 0;
  }

  #red(text: string): string {
    return this.#options.colored ? `\u001b[31m${text}\u001b[39m` : text;
  }
}

function keyOf(cell: {
  readonly subject: string;
  readonly engine: string;
  readonly suite: string;
}): string {
  return `${cell.subject}/${cell.engine}/${cell.suite}`;
}
