import { Refused } from "../../common/api/local";
import type { KioskApi } from "../api/client";
import type { Order, View } from "../api/types";
import { newest } from "../logic/newest";

export type OrderFailure = "refused" | "unanswered";

/** The cabin as the daemon tells it. Nothing is kept here but the newest view, and that only while the line lives. */
export class Cabin {
  view = $state.raw<View | null>(null);
  /** The last order was not taken; gone with the next one and with the next screen. */
  failure = $state<OrderFailure | null>(null);
  /** An order is on its way: a second press of the same button is not a second order. */
  isBusy = $state(false);

  constructor(
    readonly api: Pick<KioskApi, "order">,
    readonly onView: (before: View | null, after: View) => void = () => undefined,
  ) {}

  hear(view: View): void {
    const before = this.view;
    this.view = view;
    if (before?.page !== view.page || before.step?.phase !== view.step?.phase) this.failure = null;
    this.onView(before, view);
  }

  /** The line is dead: what is on the screen may be of somebody who has left. */
  forget(): void {
    this.view = null;
    this.failure = null;
  }

  async act(order: Order): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    this.failure = null;
    try {
      this.#take(await this.api.order(order));
    } catch (error) {
      this.#failed(error);
    } finally {
      this.isBusy = false;
    }
  }

  #failed(error: unknown): void {
    if (error instanceof Refused && error.problem === "refused") {
      const { view } = error.body;
      if (view) this.#take(view as View);
      this.failure = "refused";
    } else this.failure = "unanswered";
  }

  #take(answer: View): void {
    const view = newest(this.view, answer);
    if (view !== this.view) this.hear(view);
  }
}
