import { Refused } from "../../common/api/local";
import type { ServiceApi } from "../api/client";
import type { Pairing, PairOrder } from "../api/types";

const ASK_AGAIN_MS = 700;

/** One pairing: begun, followed until it is done or has failed, answered where the device asks. */
export class PairingRun {
  pairing = $state.raw<Pairing | null>(null);
  #id: string | null = null;
  #isEnded = false;

  constructor(
    readonly api: Pick<ServiceApi, "pair" | "pairing" | "answer">,
    readonly onDone: () => void = () => undefined,
    readonly wait: (ms: number) => Promise<void> = (ms) => new Promise((done) => setTimeout(done, ms)),
  ) {}

  async begin(order: PairOrder): Promise<void> {
    this.pairing = { state: "working" };
    try {
      this.#id = await this.api.pair(order);
      await this.#follow(this.#id);
    } catch (error) {
      this.pairing = { state: "failed", problem: error instanceof Refused ? error.problem : "other" };
    }
  }

  async answer(answer: { passkey: string } | { accept: boolean }): Promise<void> {
    if (this.#id === null) return;
    this.pairing = { state: "working" };
    await this.api.answer(this.#id, answer).catch(() => undefined);
  }

  /** The technician leaves: nothing is followed any more. */
  end(): void {
    this.#isEnded = true;
  }

  async #follow(id: string): Promise<void> {
    while (!this.#isEnded) {
      const pairing = await this.api.pairing(id);
      // What was just answered may still be asked for in an answer that was on its way.
      if (pairing.state !== this.pairing?.state) this.pairing = pairing;
      if (pairing.state === "done") this.onDone();
      if (pairing.state === "done" || pairing.state === "failed") return;
      await this.wait(ASK_AGAIN_MS);
    }
  }
}
