export const CLEANING_S = 30;

/** A while in which the screen can be wiped: nothing that touches it does anything. It ends by itself. */
export class Cleaning {
  secondsLeft = $state(0);
  #untilMs = 0;

  constructor(readonly nowMs: () => number = () => performance.now()) {}

  get isOn(): boolean {
    return this.secondsLeft > 0;
  }
  begin(): void {
    this.#untilMs = this.nowMs() + CLEANING_S * 1000;
    this.tick();
  }
  /** Call every second. */
  tick(): void {
    this.secondsLeft = Math.max(0, Math.ceil((this.#untilMs - this.nowMs()) / 1000));
  }
  /** Something is more important. */
  end(): void {
    this.#untilMs = 0;
    this.tick();
  }
}
