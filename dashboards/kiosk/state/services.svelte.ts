import type { KioskApi } from "../api/client";
import type { Menu, ServicesAction, ServicesOrder, ServicesView, Ward } from "../api/services";
import { servicesKey } from "../logic/services/screens";
import { Session } from "./session.svelte";

type Api = Pick<KioskApi, "servicesOrder" | "menu" | "wards">;

/** The one service without pages of its own here. */
export const CABIN = "cabin";

/**
 * The services as the daemon leads through them. What is typed lives in the page that asks for it, what was answered
 * only in the newest view; what stays are lists that are the same for everybody.
 */
export class Services extends Session<ServicesAction, ServicesView, ServicesOrder> {
  menu = $state.raw<Menu | null>(null);
  wards = $state.raw<readonly Ward[] | null>(null);
  /** A page that asks in two steps leads back to its first one. */
  stepBack = $state.raw<(() => void) | null>(null);
  /** The person is at the cabin, which has its own pages; back from them is the start screen. */
  isAtCabin = $state(false);
  readonly #api: Api;

  constructor(api: Api, onView?: (before: ServicesView | null, after: ServicesView) => void) {
    super((order) => api.servicesOrder(order), servicesKey, onView);
    this.#api = api;
  }

  do(action: ServicesAction, more: Omit<ServicesOrder, "action"> = {}): void {
    void this.act({ action, ...more });
  }

  async enterCabin(): Promise<void> {
    await this.act({ action: "choose", service: CABIN });
    this.isAtCabin = this.failure === null;
  }

  override hear(view: ServicesView): void {
    if (view.page !== "home") this.isAtCabin = false;
    if (this.view === null || servicesKey(this.view) !== servicesKey(view)) this.stepBack = null;
    super.hear(view);
  }

  override forget(): void {
    this.stepBack = null;
    this.isAtCabin = false;
    super.forget();
  }

  /** Until it is there; both lists are small and never change while the daemon runs. */
  async loadMenu(): Promise<void> {
    this.menu ??= await this.#api.menu().catch(() => null);
  }
  async loadWards(): Promise<void> {
    this.wards ??= await this.#api.wards().then(
      ({ wards }) => wards,
      () => null,
    );
  }
}
