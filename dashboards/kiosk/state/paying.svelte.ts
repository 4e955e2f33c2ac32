import type { KioskApi } from "../api/client";
import type { PayingAction, PayingOrder, PayingView } from "../api/paying";
import { isPaying, payingKey } from "../logic/paying-screens";
import { Session } from "./session.svelte";

/** A payment as the daemon leads through it. */
export class Paying extends Session<PayingAction, PayingView, PayingOrder> {
  /** The payment has the screen. */
  isOpen = $derived(isPaying(this.view));
  /** Its page, while it has the screen. */
  key = $derived(isPaying(this.view) ? payingKey(this.view) : null);

  /** @param onTurn is called when another page of it is shown. */
  constructor(api: Pick<KioskApi, "payingOrder">, onTurn: () => void = () => undefined) {
    super(
      (order) => api.payingOrder(order),
      payingKey,
      (before, after) => {
        if (isPaying(after) && (before === null || payingKey(before) !== payingKey(after))) onTurn();
      },
    );
  }

  /** Back from a code are the bills. */
  get stepBack(): (() => void) | null {
    return this.isOpen && this.may("back") ? () => this.do("back") : null;
  }

  do(action: PayingAction, bill?: string): void {
    void this.act(bill === undefined ? { action } : { action, bill });
  }
}
