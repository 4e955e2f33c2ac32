import type { KioskApi } from "../api/client";
import type { IdentityAction, IdentityOrder, IdentityView } from "../api/identity";
import { Wedge } from "../logic/identity/wedge";
import { identityKey } from "../logic/identity/screens";
import { Session } from "./session.svelte";

/**
 * A citizen's card, as the daemon tells of it. What was typed lives in the page that asks for it, what was read only in
 * the newest view: both are gone with the screen that showed them.
 */
export class Identity extends Session<IdentityAction, IdentityView, IdentityOrder> {
  readonly wedge = new Wedge((text) => this.#scanned(text));
  /** On a monotonic clock: when the pause that the newest view asks for is over. */
  waitUntilMs = $state(0);

  constructor(
    api: Pick<KioskApi, "identityOrder">,
    onView?: (before: IdentityView | null, after: IdentityView) => void,
    readonly nowMs: () => number = () => performance.now(),
  ) {
    super((order) => api.identityOrder(order), identityKey, onView);
  }

  /** The card's screen lies in place of the cabin's. */
  isOpen = $derived(this.view !== null && this.view.page !== "none");

  do(action: IdentityAction, more: Omit<IdentityOrder, "action"> = {}): void {
    void this.act({ action, ...more });
  }

  override hear(view: IdentityView): void {
    const waitS = view.trouble?.wait_s ?? 0;
    if (waitS !== (this.view?.trouble?.wait_s ?? 0)) this.waitUntilMs = this.nowMs() + waitS * 1_000;
    super.hear(view);
  }

  override forget(): void {
    this.wedge.forget();
    super.forget();
  }

  #scanned(text: string): void {
    if (this.may("scan")) this.do("scan", { text });
  }
}
