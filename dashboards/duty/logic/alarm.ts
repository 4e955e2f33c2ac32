import type { Card } from "../../common/api/types";
import type { LinkState } from "../../common/api/link";
import { isOpen, isUnanswered } from "./urgency";

/** What repeats until it is answered. `deaf`: the console hears nothing from the centre, and nobody may be looking. */
export type Sound = "sos" | "deaf" | "drill";

export interface Hearing {
  readonly armed: boolean;
  readonly link: LinkState;
  readonly cards: Iterable<Card>;
}

export const unansweredSos = (cards: Iterable<Card>) =>
  [...cards].filter((card) => isUnanswered(card) && !card.drill);

/** A person in danger is louder than a lost line, a lost line is louder than a drill. */
export function soundFor({ armed, link, cards }: Hearing): Sound | null {
  if (!armed) return null;
  const unanswered = [...cards].filter(isUnanswered);
  if (unanswered.some((card) => !card.drill)) return "sos";
  if (link === "lost") return "deaf";
  return unanswered.length > 0 ? "drill" : null;
}

/** Somebody pressed again although the case is in hand: one chime, the officer on the way may want to know. */
export const isPressedAgain = (before: Card | undefined, after: Card) =>
  before !== undefined && isOpen(after) && !isUnanswered(after) && after.press_count > before.press_count;

/** First heard of now, or opened again: it may take the screen. */
export const isNewlyUnanswered = (before: Card | undefined, after: Card) =>
  isUnanswered(after) && (before === undefined || !isUnanswered(before));

/** The tab's title; every other second the count of people waiting stands in front. */
export function titleFor(base: string, waiting: string, count: number, second: number): string {
  return count > 0 && second % 2 === 0 ? `(${count}) ${waiting}` : base;
}
