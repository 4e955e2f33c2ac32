import type { KioskApi } from "../api/client";
import type { Status } from "../api/types";
import { faceOf, failed, isNewCall, isOver, newId, newPress, recorded, type Press } from "../logic/sos";

/** Calls for help. A press cannot be taken back: it is sent again until the daemon has it on its disk. */
export class Sos {
  press = $state.raw<Press | null>(null);
  status = $state.raw<Status | null>(null);
  face = $derived(faceOf(this.press, this.status));
  #isSending = false;

  constructor(
    readonly api: Pick<KioskApi, "sos">,
    readonly mint: () => string = newId,
    readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** One touch. While an earlier press is not on the disk yet, and shortly after, it is the same press. */
  async call(): Promise<void> {
    if (isNewCall(this.press, this.nowMs())) this.press = newPress(this.mint());
    await this.#send();
  }

  /** Call every second: what is not recorded goes out again, with the same id. */
  async tick(): Promise<void> {
    await this.#send();
  }

  hear(status: Status): void {
    if (isOver(this.status, status) && this.press?.recordedMs !== null) this.press = null;
    this.status = status;
  }

  async #send(): Promise<void> {
    const { press } = this;
    if (press?.recordedMs !== null || this.#isSending) return;
    this.#isSending = true;
    try {
      await this.api.sos(press.id);
      this.press = recorded(press, this.nowMs());
    } catch {
      this.press = failed(press);
    } finally {
      this.#isSending = false;
    }
  }
}
