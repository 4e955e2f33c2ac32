/**
 * The pleth wave on its way to the screen: pieces come in bursts, and are played at their own rate, a little late, so
 * that the line moves evenly. All times are milliseconds of one monotonic clock.
 */
const SHOWN_S = 5;
const LATE_S = 0.4;
/** Behind by more than this, the oldest is dropped: a wave that is long over helps nobody. */
const BEHIND_S = 1.5;
const FALLBACK_HZ = 50;

export class WaveTrack {
  rateHz = FALLBACK_HZ;
  #shown: number[] = [];
  #waiting: number[] = [];
  #atMs: number | null = null;
  #owed = 0;

  add(samples: readonly number[], rateHz: number, nowMs: number): void {
    if (rateHz > 0) this.rateHz = rateHz;
    if (this.#waiting.length === 0) {
      this.#atMs = nowMs + LATE_S * 1_000;
      this.#owed = 0;
    }
    const room = Math.ceil(this.rateHz * BEHIND_S);
    this.#waiting = [...this.#waiting, ...samples].slice(-room);
  }

  /** @returns the newest SHOWN_S seconds, oldest first. */
  at(nowMs: number): readonly number[] {
    if (this.#atMs === null || nowMs <= this.#atMs) return this.#shown;
    this.#owed += ((nowMs - this.#atMs) / 1_000) * this.rateHz;
    this.#atMs = nowMs;
    const due = Math.min(Math.floor(this.#owed), this.#waiting.length);
    this.#owed = this.#waiting.length > due ? this.#owed - due : 0;
    this.#shown = [...this.#shown, ...this.#waiting.splice(0, due)].slice(-this.capacity);
    return this.#shown;
  }

  get capacity(): number {
    return Math.ceil(this.rateHz * SHOWN_S);
  }

  clear(): void {
    this.#shown = [];
    this.#waiting = [];
    this.#atMs = null;
  }
}
