/** As much of a session as is needed to tell it that its person is still there. */
interface Warned {
  act(order: { action: "extend" }): Promise<void>;
}

/** How long nobody has touched the screen; whoever needs longer gets the time twice, without being asked. */
export class Patience {
  #touchedMs: number;
  #isSpent = $state(false);

  constructor(readonly nowMs: () => number = () => performance.now()) {
    this.#touchedMs = nowMs();
  }

  /** Notes every touch and key until the returned function is called. */
  watch(): () => void {
    const touched = () => this.touch();
    for (const name of ["pointerdown", "keydown"]) addEventListener(name, touched);
    return () => {
      for (const name of ["pointerdown", "keydown"]) removeEventListener(name, touched);
    };
  }
  touch(): void {
    this.#touchedMs = this.nowMs();
    this.#isSpent = false;
  }
  isIdleFor(ms: number): boolean {
    return this.nowMs() - this.#touchedMs > ms;
  }
  /** The first warning after a touch is answered in place of its person. */
  get hasMore(): boolean {
    return !this.#isSpent;
  }
  async extend(warned: Warned): Promise<void> {
    await warned.act({ action: "extend" });
    this.#isSpent = true;
  }
}
