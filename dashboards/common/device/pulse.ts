const BEAT_S = 5;

/**
 * Says every few seconds that the page lives, as long as it draws: of one that hangs, or whose pictures do not come
 * through any more, nothing is heard, and the station starts it anew.
 */
export class Pulse {
  #seconds = 0;
  #hasDrawn = true;

  constructor(
    readonly send: (page: string) => Promise<unknown>,
    readonly askForFrame: (drawn: () => void) => unknown = (drawn) => requestAnimationFrame(drawn),
  ) {}

  /** Call every second. */
  tick(page: string): void {
    this.#seconds += 1;
    if (this.#seconds % BEAT_S !== 1) return;
    if (this.#hasDrawn) void this.send(page).catch(() => undefined);
    this.#hasDrawn = false;
    this.askForFrame(() => (this.#hasDrawn = true));
  }
}
