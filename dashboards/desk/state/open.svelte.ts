import { Problem } from "../../common/api/client";
import type { DeskApi } from "../api/desk";
import type { Filled, RequestCard, RequestDetail, ServiceForm, Verb } from "../api/types";

/** Why an action was not done: `stale` and `not-allowed` after somebody else was faster, `unsent` when nobody answered. */
export interface Refusal {
  code: string;
  card: RequestCard | null;
}

/** 32 hex digits; unlike `crypto.randomUUID` this also works on a page served without TLS. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The request that is open, and what is done to it. */
export class Open {
  detail = $state.raw<RequestDetail | null>(null);
  service = $state.raw<ServiceForm | null>(null);
  status = $state<"loading" | "ready" | "missing" | "failed">("loading");
  refusal = $state.raw<Refusal | null>(null);
  /** The verb whose form is open. */
  panel = $state<Verb | null>(null);
  busy = $state<Verb | null>(null);
  #id: string | null = null;
  #asked = 0;
  /** An action keeps its key until it is known what became of it: sent twice, it is done once. */
  #pending: { of: string; key: string } | null = null;

  constructor(
    readonly api: DeskApi,
    readonly onCard: (card: RequestCard) => void,
  ) {}

  get id(): string | null {
    return this.#id;
  }

  async show(id: string | null, panel: Verb | null = null): Promise<void> {
    if (panel !== null || id !== this.#id) this.panel = panel;
    if (id === this.#id) return;
    this.#id = id;
    this.detail = null;
    this.service = null;
    this.refusal = null;
    this.status = "loading";
    if (id !== null) await this.reload();
  }

  async reload(): Promise<void> {
    const id = this.#id;
    if (id === null) return;
    const mine = (this.#asked += 1);
    try {
      const detail = await this.api.request(id);
      if (mine !== this.#asked) return;
      this.detail = detail;
      this.status = "ready";
      if (!detail.forms.some(({ action }) => action === this.panel)) this.panel = null;
      this.service ??= await this.#service(detail.card.service);
    } catch (error) {
      if (mine !== this.#asked) return;
      const isGone = error instanceof Problem && [403, 404, 422].includes(error.status);
      this.status = isGone ? "missing" : "failed";
    }
  }

  /** @returns whether it was done. */
  async act(action: Verb, filled: Filled): Promise<boolean> {
    const card = this.detail?.card;
    if (!card || this.busy !== null) return false;
    const sent = JSON.stringify([card.id, card.version, action, filled]);
    if (this.#pending?.of !== sent) this.#pending = { of: sent, key: newKey() };
    this.busy = action;
    this.refusal = null;
    try {
      this.onCard(await this.api.act(card, action, this.#pending.key, filled));
      this.#pending = null;
      this.panel = null;
      await this.reload();
      return true;
    } catch (error) {
      await this.#refused(error);
      return false;
    } finally {
      this.busy = null;
    }
  }

  async #refused(error: unknown): Promise<void> {
    if (!(error instanceof Problem)) {
      this.refusal = { code: "unsent", card: null };
      return;
    }
    this.#pending = null;
    const card = (error.body.card as RequestCard | undefined) ?? null;
    this.refusal = { code: error.code, card };
    if (card) {
      this.onCard(card);
      await this.reload();
    }
  }

  async #service(id: string): Promise<ServiceForm | null> {
    return this.api.service(id).catch(() => null);
  }
}
