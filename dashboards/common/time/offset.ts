/** How many of the last beats are weighed: a minute of them. */
const WINDOW = 30;

/**
 * The server's clock as seen from here. A message can only be late, never early, so of the last samples the
 * largest difference is the one that travelled fastest. `localMs` must be monotonic: the workstation's wall clock
 * may be set while we watch.
 */
export class ServerOffset {
  #samples: number[] = [];

  /** @returns the estimated `server - local` in milliseconds. */
  sample(serverMs: number, localMs: number): number {
    this.#samples = [...this.#samples.slice(1 - WINDOW), serverMs - localMs];
    return Math.max(...this.#samples);
  }
}
