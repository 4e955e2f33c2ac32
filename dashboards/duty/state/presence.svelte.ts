import type { Api } from "../../common/api/client";
import { newKey } from "../logic/actions";

const RENEW_MS = 5_000;

/**
 * The lease that says "somebody is on duty here". It is renewed by the server's own beats: a console that hears
 * nothing cannot hold a ward, and the next SOS goes to the next level at once.
 */
export class Presence {
  readonly console = newKey();
  /** Until when the centre counts on us, on the monotonic clock. */
  heldUntilMs = $state(0);
  #wanted = false;
  #askedMs = Number.NEGATIVE_INFINITY;

  constructor(
    readonly api: Api,
    readonly nowMs: () => number = () => performance.now(),
  ) {}

  async hold(): Promise<void> {
    this.#wanted = true;
    await this.#renew();
  }

  async onBeat(): Promise<void> {
    if (this.#wanted && this.nowMs() - this.#askedMs >= RENEW_MS) await this.#renew();
  }

  /** Also on the way out of the page: the request outlives it. */
  async release(): Promise<void> {
    if (!this.#wanted) return;
    this.#wanted = false;
    this.heldUntilMs = 0;
    await this.api.releasePresence(this.console).catch(() => undefined); // else the lease ends by itself
  }

  async #renew(): Promise<void> {
    const askedMs = (this.#askedMs = this.nowMs());
    try {
      const { expires_in_ms } = await this.api.holdPresence(this.console);
      if (this.#wanted) this.heldUntilMs = askedMs + expires_in_ms;
    } catch {
      this.#askedMs = Number.NEGATIVE_INFINITY; // the next beat tries again
    }
  }
}
