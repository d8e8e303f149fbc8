/** Asynchronous work done in the order in which it was asked for, one piece at a time. */

export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve();

  /** Starts `work` when all before it has ended, well or not. */
  run<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const answer = this.#last.then(work);
    this.#last = answer.catch(() => undefined);
    return answer;
  }
}
