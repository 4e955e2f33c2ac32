import { Problem, type Api } from "../../common/api/client";
import type { Detail } from "../../common/api/types";
import type { Loading } from "./board.svelte";

/** The open incident's custody line and course of events, kept as new as its card. */
export class Dossier {
  detail = $state.raw<Detail | null>(null);
  status = $state<Loading | "missing">("loading");
  #id: string | null = null;
  #asked = 0;

  constructor(readonly api: Api) {}

  /** @param lastEventId the newest event known of this incident; 0 when only its id is known. */
  async show(id: string | null, lastEventId: number): Promise<void> {
    if (id !== this.#id) {
      this.#id = id;
      this.#asked += 1;
      this.detail = null;
      this.status = "loading";
    }
    if (id === null || (this.detail && this.detail.card.last_event_id >= lastEventId)) return;
    await this.#load(id);
  }

  /** After a failure, or when anything may have been missed. */
  async reload(): Promise<void> {
    if (this.#id !== null) await this.#load(this.#id);
  }

  async #load(id: string): Promise<void> {
    const mine = (this.#asked += 1);
    try {
      const detail = await this.api.incident(id);
      if (mine !== this.#asked) return;
      this.detail = detail;
      this.status = "ready";
    } catch (error) {
      if (mine !== this.#asked) return;
      const isGone = error instanceof Problem && (error.status === 404 || error.status === 403);
      this.status = isGone ? "missing" : "failed";
    }
  }
}
