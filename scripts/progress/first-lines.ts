/** What is told while a run goes on: the first of many lines. */

/** A broken core fails a thousand cases: the first say it all, and a file holds the rest. */
const toldMax = 20;

/** As many lines as a person reads, then `rest` once. */
export class FirstLines {
  readonly #rest: string;
  #count = 0;

  constructor(rest: string) {
    this.#rest = rest;
  }

  tell(text: string, line: (text: string) => void): void {
    this.#count += 1;
    if (this.#count <= toldMax) line(text);
    if (this.#count === toldMax) line(this.#rest);
  }
}
