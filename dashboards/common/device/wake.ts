/** Keeps the screen from going dark while somebody is on duty. Browsers without Wake Lock simply do not. */
export class WakeLock {
  #lock: WakeLockSentinel | null = null;
  #wanted = false;

  async hold(): Promise<void> {
    this.#wanted = true;
    await this.renew();
  }

  /** The browser drops the lock when the tab is hidden: ask again when it is seen. */
  async renew(): Promise<void> {
    if (!this.#wanted || !("wakeLock" in navigator) || document.visibilityState !== "visible") return;
    if (this.#lock?.released === false) return;
    this.#lock = await navigator.wakeLock.request("screen").catch(() => null);
  }

  release(): void {
    this.#wanted = false;
    void this.#lock?.release().catch(() => undefined);
    this.#lock = null;
  }
}
