import type { Action, ActionName, Card } from "../../common/api/types";
import { Problem } from "../../common/api/client";

/** What an action may carry besides its name. */
export type Extra = Pick<Action, "resolution" | "duplicate_of" | "to" | "note">;

/** One press of a button, until the server has answered it: the key is made once, so it can be sent any number of times. */
export interface Intent {
  readonly incident: string;
  readonly action: Action;
  readonly attempts: number;
  /** When it goes out again, on a monotonic clock; null while it is on its way. */
  readonly dueMs: number | null;
}

/** Why an action was not done, to be told in the reader's language. */
export interface Refusal {
  readonly reason: "stale" | "not-allowed" | "forbidden" | "invalid" | "failed";
  readonly action: ActionName;
  readonly card: Card | null;
}

/** What to do after an attempt failed. */
export type Verdict = { kind: "again"; intent: Intent } | { kind: "refused"; refusal: Refusal };

const MAX_DELAY_MS = 8_000;
/** A note quarrels with nobody: it follows the incident to its new version, but not for ever. */
const NOTE_FOLLOWS = 5;
const REASONS = ["stale", "not-allowed", "forbidden", "invalid"] as const;

export function newIntent(card: Card, action: ActionName, extra: Extra, key: string): Intent {
  return {
    incident: card.id,
    action: { action, version: card.version, idempotency_key: key, ...extra },
    attempts: 0,
    dueMs: null,
  };
}

export function judge(intent: Intent, error: unknown, nowMs: number): Verdict {
  if (!(error instanceof Problem) || mayPass(error))
    return again(intent, intent.action, nowMs + delayMs(intent.attempts));
  const { card } = error;
  if (error.code === "stale" && card && intent.action.action === "note" && intent.attempts < NOTE_FOLLOWS)
    return again(intent, { ...intent.action, version: card.version }, nowMs);
  const reason = REASONS.find((each) => each === error.code) ?? "failed";
  return { kind: "refused", refusal: { reason, action: intent.action.action, card } };
}

/** Trouble that is not about this action: it is kept and sent again. */
const mayPass = (error: Problem) =>
  error.status >= 500 || error.status === 429 || error.code === "no-session";

const again = (intent: Intent, action: Action, dueMs: number): Verdict => ({
  kind: "again",
  intent: { ...intent, action, attempts: intent.attempts + 1, dueMs },
});

const delayMs = (attempts: number) => Math.min(MAX_DELAY_MS, 1_000 * 2 ** attempts);
