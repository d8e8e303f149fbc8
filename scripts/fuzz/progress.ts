/** Progress of `npm run fuzz` on stderr: how far, how fast, how long still; a line now and then. */
import type { Finding } from "../../harness/fuzz/finding.ts";
import type { FuzzTarget } from "../../harness/fuzz/target.ts";
import { formatCount } from "../../harness/report/format.ts";
import type { Invocation } from "../command/invocation.ts";
import { linesTo } from "../command/lines.ts";
import { FirstLines } from "../progress/first-lines.ts";
import { isLive } from "../progress/open-display.ts";
import { duration } from "../progress/words.ts";
import { findingLine } from "./text.ts";

/** A log is read later, a terminal now. */
const intervalMs = { log: 10_000, terminal: 1_000 } as const;

export class FuzzProgress {
  readonly #invocation: Invocation;
  readonly #target: FuzzTarget;
  readonly #programs: number;
  readonly #startedMs: number;
  #shownMs: number;
  readonly #findings = new FirstLines("further findings: in the file");

  constructor(options: {
    readonly invocation: Invocation;
    readonly target: FuzzTarget;
    readonly programs: number;
  }) {
    this.#invocation = options.invocation;
    this.#target = options.target;
    this.#programs = options.programs;
    this.#startedMs = options.invocation.nowMs();
    this.#shownMs = this.#startedMs;
  }

  tell(finding: Finding): void {
    this.#findings.tell(findingLine(finding), linesTo(this.#invocation.stderr));
  }

  /** `done`: programs so far. Most calls print nothing. */
  show(done: number): void {
    const { stderr } = this.#invocation;
    const nowMs = this.#invocation.nowMs();
    const dueMs = isLive(this.#invocation) ? intervalMs.terminal : intervalMs.log;
    const isDue = nowMs - this.#shownMs >= dueMs;
    if (!isDue && done < this.#programs) return;
    this.#shownMs = nowMs;
    const elapsedMs = Math.max(1, nowMs - this.#startedMs);
    const { name, casesPerProgram } = this.#target;
    const leftMs = (elapsedMs / done) * (this.#programs - done);
    const parts = [
      `${name}: ${formatCount(done)} of ${formatCount(this.#programs)} programs`,
      `${formatCount(Math.round((done * casesPerProgram * 1000) / elapsedMs))} cases a second`,
      done < this.#programs ? `${duration(leftMs)} left` : `${duration(elapsedMs)}`,
    ];
    stderr.write(`${parts.join(", ")}\n`);
  }
}
