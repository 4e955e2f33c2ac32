import type { KioskApi } from "../api/client";
import type { Action, Order, View } from "../api/types";
import { Session } from "./session.svelte";

/** The cabin as the daemon tells it. */
export class Cabin extends Session<Action, View, Order> {
  constructor(api: Pick<KioskApi, "order">, onView?: (before: View | null, after: View) => void) {
    super(
      (order) => api.order(order),
      ({ page, step }) => `${page} ${step?.phase ?? ""}`,
      onView,
    );
  }
}
