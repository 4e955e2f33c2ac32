import { Refused } from "../../common/api/local";
import type { KioskApi } from "../api/client";
import type { GuideOrder, GuideTurn } from "../api/guide";

/**
 * The conversation with the guide, as the daemon leads it: its newest turn and nothing else. What is typed lives in
 * the page; the daemon forgets all of it after a minute, and so does this.
 */
export class Guide {
  /** The guide has the start screen's place. */
  isOpen = $state(false);
  turn = $state.raw<GuideTurn | null>(null);
  /** An order is on its way: a second press is not a second order. */
  isBusy = $state(false);
  /** Why the last order was not taken, by the daemon's own name for it; "unanswered" where it said nothing. */
  failure = $state<string | null>(null);
  /** Ways to a person are shown in place of the turn. */
  isPersonShown = $state(false);
  #visit = 0;

  /**
   * @param api asks the daemon.
   * @param onTurn hears of every turn that is shown.
   * @param onOpen shows the first page of a service that the person chose.
   */
  constructor(
    readonly api: Pick<KioskApi, "guide">,
    readonly onTurn: () => void = () => undefined,
    readonly onOpen: (service: string) => void = () => undefined,
  ) {}

  open(): void {
    this.isOpen = true;
    void this.act({ event: "start" });
  }

  /** From the ways to a person to what was said before, and from there to the start screen. */
  back(): void {
    if (this.isPersonShown) this.isPersonShown = false;
    else this.leave();
  }

  /** Back to the start screen: the daemon forgets, too. */
  leave(): void {
    if (!this.isOpen) return;
    this.close();
    void this.api.guide({ event: "leave" }).catch(() => undefined);
  }

  /** Out of the way, since what was chosen is shown, or the line is lost. */
  close(): void {
    this.#visit += 1;
    this.isOpen = false;
    this.isBusy = false;
    this.isPersonShown = false;
    this.turn = null;
    this.failure = null;
  }

  async act(order: GuideOrder): Promise<void> {
    if (this.isBusy) return;
    const visit = this.#visit;
    this.isBusy = true;
    this.failure = null;
    const heard = await this.api.guide(order).catch((error: unknown) => reasonOf(error));
    if (visit !== this.#visit) return; // an answer to somebody who has left
    this.isBusy = false;
    if (typeof heard === "string") this.failure = heard;
    else this.#take(heard);
  }

  #take(turn: GuideTurn): void {
    const open = turn.intents.find(({ kind }) => kind === "open")?.service;
    this.isPersonShown = false;
    if (open !== undefined) return this.onOpen(open);
    this.turn = turn;
    this.onTurn();
  }
}

function reasonOf(error: unknown): string {
  const reason = error instanceof Refused ? error.body.reason : null;
  return typeof reason === "string" ? reason : "unanswered";
}
