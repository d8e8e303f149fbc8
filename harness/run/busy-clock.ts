/** How long anything was at work that is not the harness itself: builds, workers, samples. */

export class BusyClock {
  readonly #nowMs: () => number;
  #active = 0;
  #sinceMs = 0;
  #busyMs = 0;

  /** `nowMs` is monotonic. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Time in which several work side by side counts once. */
  get busyMs(): number {
    return this.#busyMs + (this.#active === 0 ? 0 : this.#nowMs() - this.#sinceMs);
  }

  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#active === 0) this.#sinceMs = this.#nowMs();
    this.#active += 1;
    try {
      return await work();
    } finally {
      this.#active -= 1;
      if (this.#active === 0) this.#busyMs += this.#nowMs() - this.#sinceMs;
    }
  }
}
