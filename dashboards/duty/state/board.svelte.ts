import type { Api } from "../../common/api/client";
import type { Card, Station } from "../../common/api/types";
import { EMPTY, union, withCard, withList, withStation, type Feed } from "../logic/feed";
import { board } from "../logic/urgency";

export type Loading = "loading" | "ready" | "failed";

/** The incidents this console may see. `onChange` hears of every step from one feed to the next. */
export class Board {
  feed = $state.raw<Feed>(EMPTY);
  status = $state<Loading>("loading");
  parts = $derived(board(this.feed.cards.values()));
  #seen = new Set<string>();

  constructor(
    readonly api: Api,
    readonly onChange: (before: Feed, after: Feed) => void,
  ) {}

  /** Brings the whole list; the stream must be open already, so that nothing falls between the two. */
  async refresh(): Promise<void> {
    try {
      const [open, recent] = await Promise.all([this.api.incidents("open"), this.api.incidents("recent")]);
      this.#become(withList(this.feed, union(open, recent)));
      this.status = "ready";
    } catch {
      if (this.status !== "ready") this.status = "failed";
    }
  }

  hear(card: Card): void {
    this.#become(withCard(this.feed, card));
  }

  hearStation(station: Station): void {
    this.#become(withStation(this.feed, station));
  }

  /** Somebody can see this incident: said once to the centre, and again only if that got lost. */
  async see(card: Card): Promise<void> {
    if (card.seen_at_ms !== null || this.#seen.has(card.id)) return;
    this.#seen.add(card.id);
    await this.api.seen(card.id).catch(() => this.#seen.delete(card.id));
  }

  clear(): void {
    this.feed = EMPTY;
    this.status = "loading";
    this.#seen.clear();
  }

  #become(after: Feed): void {
    const before = this.feed;
    this.feed = after;
    this.onChange(before, after);
  }
}
