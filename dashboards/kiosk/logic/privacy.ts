import type { View } from "../api/types";

/**
 * The person before has gone and the next one must meet a fresh screen: language, letters, sound and choices go back
 * to how the station greets. Going back from the consent to the choice is the same person.
 */
export function isSomebodyNew(before: View | null, after: View): boolean {
  if (after.page !== "choose" || before === null || before.page === "choose") return false;
  return before.page !== "consent" || before.idle !== null;
}

const FORGOTTEN_AFTER_MS = 45_000;

/** Nobody has touched the greeting screen for this long: whoever changed it has left. */
export const forgottenAfterMs = (isElder: boolean): number => FORGOTTEN_AFTER_MS * (isElder ? 2 : 1);
