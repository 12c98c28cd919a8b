/** Work on one engine, one piece at a time: whoever comes while another works waits for its turn. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    // The next one's turn comes whether or not this one fails; the failure belongs to its own caller.
    this.#last = result.catch(() => undefined);
    return result;
  }
}
