import type { IdentityView } from "../../api/identity";

/** What makes it another screen; the first word of it is told to the daemon as the page that is shown. */
export const identityKey = ({ page, trouble }: IdentityView): string =>
  page === "trouble" ? `identity-trouble ${trouble?.fault ?? ""}` : `identity-${page}`;

/**
 * The person with the card has gone, and nobody uses the cabin. Whoever goes back or declines has not: they stand here.
 * @param isCabinFree nobody is in a session of the cabin that the card was opened from.
 */
export function hasLeft(before: IdentityView | null, after: IdentityView, isCabinFree: boolean): boolean {
  if (!isCabinFree || after.page !== "none" || before === null) return false;
  return before.page === "farewell" || before.idle !== null;
}

/** Seconds that are still to wait, as they are counted down. */
export const secondsLeft = (untilMs: number, nowMs: number): number =>
  Math.max(0, Math.ceil((untilMs - nowMs) / 1_000));
