import type { DeskApi, Listing } from "../api/desk";
import type { DeadLetter, RequestCard } from "../api/types";
import type { View } from "../logic/route";
import { Problem } from "../../common/api/client";

const LISTINGS: Record<Exclude<View, "letters">, Listing> = {
  desk: { scope: "open", turn: "desk" },
  citizen: { scope: "open", turn: "citizen" },
  overdue: { scope: "open", overdue: true },
  ended: { scope: "ended" },
};
const MOST_PAGES = 10;

/** The list that is looked at, as the centre has it; a change while it is being brought brings it once more. */
export class Inbox {
  view = $state<View>("desk");
  /** Only of this desk; empty: of all that the clerk answers for. */
  desk = $state("");
  cards = $state.raw<RequestCard[]>([]);
  letters = $state.raw<DeadLetter[]>([]);
  status = $state<"loading" | "ready" | "failed">("loading");
  hasMore = $state(false);
  /** What was looked for by its code: null nothing, else what was found, or why nothing was. */
  found = $state.raw<RequestCard[] | "mistyped" | "failed" | null>(null);
  #pages = 1;
  #asked = 0;
  #running: Promise<void> | null = null;
  #isStale = false;

  constructor(readonly api: DeskApi) {}

  async look(view: View, desk: string): Promise<void> {
    if (view === this.view && desk === this.desk && this.status === "ready") return;
    this.view = view;
    this.desk = desk;
    this.#pages = 1;
    this.cards = [];
    this.status = "loading";
    await this.refresh();
  }

  /** @returns when the list is as new as this call, however many calls came together. */
  async refresh(): Promise<void> {
    this.#isStale = true;
    this.#running ??= this.#bringAll().finally(() => (this.#running = null));
    await this.#running;
  }

  async more(): Promise<void> {
    this.#pages = Math.min(this.#pages + 1, MOST_PAGES);
    await this.refresh();
  }

  async find(code: string): Promise<void> {
    const mine = (this.#asked += 1);
    const found = await this.api.find(code).then(
      ({ requests }) => requests,
      (error: unknown) => (error instanceof Problem && error.code === "mistyped" ? "mistyped" : "failed"),
    );
    if (mine === this.#asked) this.found = found;
  }
  forgetFound(): void {
    this.#asked += 1;
    this.found = null;
  }

  async resend(number: number): Promise<boolean> {
    const left = await this.api.resend(number).catch(() => null);
    if (left) this.letters = left.letters;
    else await this.refresh();
    return left !== null;
  }

  /** A request changed under our hands: the list shows it at once, and is brought anew. */
  hear(card: RequestCard): void {
    this.cards = this.cards.map((each) => (each.id === card.id ? card : each));
    void this.refresh();
  }

  clear(): void {
    this.cards = [];
    this.letters = [];
    this.status = "loading";
    this.forgetFound();
  }

  async #bringAll(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      await this.#bring(this.view, this.desk);
    }
  }

  async #bring(view: View, desk: string): Promise<void> {
    try {
      if (view === "letters") {
        const { letters } = await this.api.letters();
        this.letters = letters;
      } else await this.#bringPages(view, desk);
      if (view === this.view && desk === this.desk) this.status = "ready";
    } catch {
      if (this.status !== "ready") this.status = "failed";
    }
  }

  async #bringPages(view: Exclude<View, "letters">, desk: string): Promise<void> {
    const listing = { ...LISTINGS[view], ...(desk ? { desk } : {}) };
    const cards: RequestCard[] = [];
    let next: string | null = null;
    for (let page = 0; page < this.#pages && (page === 0 || next !== null); page += 1) {
      const answer = await this.api.list(next === null ? listing : { ...listing, after: next });
      cards.push(...answer.requests);
      next = answer.next;
    }
    if (view !== this.view || desk !== this.desk) return;
    this.cards = cards;
    this.hasMore = next !== null;
  }
}
