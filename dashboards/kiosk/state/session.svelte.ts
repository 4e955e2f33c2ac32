import { Refused } from "../../common/api/local";
import { newest } from "../logic/newest";

/** As much of a view as a session needs: the daemon lists what it will accept. */
interface Versioned<Action extends string> {
  readonly version: number;
  readonly actions: readonly Action[];
}
export type OrderFailure = "refused" | "unanswered";

/** Something that the daemon leads a person through. Nothing is kept here but its newest view. */
export class Session<
  Action extends string,
  View extends Versioned<Action>,
  Order extends { action: Action },
> {
  view = $state.raw<View | null>(null);
  /** The last order was not taken; gone with the next one and with the next screen. */
  failure = $state<OrderFailure | null>(null);
  /** Why it was refused, by the daemon's own name for it. */
  reason = $state("");
  /** An order is on its way: a second press of the same button is not a second order. */
  isBusy = $state(false);

  /**
   * @param send gives an order to the daemon.
   * @param keyOf names a view's screen.
   */
  constructor(
    readonly send: (order: Order) => Promise<View>,
    readonly keyOf: (view: View) => string,
    readonly onView: (before: View | null, after: View) => void = () => undefined,
  ) {}

  may(action: Action): boolean {
    return this.view?.actions.includes(action) ?? false;
  }

  hear(view: View): void {
    const before = this.view;
    this.view = view;
    if (before === null || this.keyOf(before) !== this.keyOf(view)) this.failure = null;
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
      this.#take(await this.send(order));
    } catch (error) {
      this.#failed(error);
    } finally {
      this.isBusy = false;
    }
  }

  #failed(error: unknown): void {
    if (error instanceof Refused && error.problem === "refused") {
      const { view, reason } = error.body;
      if (view) this.#take(view as View);
      this.reason = typeof reason === "string" ? reason : "";
      this.failure = "refused";
    } else this.failure = "unanswered";
  }

  #take(answer: View): void {
    const view = newest(this.view, answer);
    if (view !== this.view) this.hear(view);
  }
}
