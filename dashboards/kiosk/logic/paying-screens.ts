import type { PayingView } from "../api/paying";

/** What makes it another page. */
export const payingKey = ({ page, trouble }: PayingView): string =>
  page === "trouble" ? `paying-trouble ${trouble ?? ""}` : `paying-${page}`;

/** The payment has the screen; before and after it, the receipt of what was submitted has. */
export const isPaying = (view: PayingView | null): view is PayingView =>
  view !== null && view.page !== "none" && view.page !== "done";
