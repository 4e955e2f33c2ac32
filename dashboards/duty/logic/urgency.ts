import type { Card } from "../../common/api/types";

/** The board's parts, most urgent first. A drill never stands above a person. */
export type Section = "waiting" | "in_hand" | "drills" | "resolved";
export const SECTIONS: readonly Section[] = ["waiting", "in_hand", "drills", "resolved"];

export const isOpen = (card: Card) => card.state !== "resolved";
export const isUnanswered = (card: Card) => card.state === "new";

export function sectionOf(card: Card): Section {
  if (!isOpen(card)) return "resolved";
  if (card.drill) return "drills";
  return isUnanswered(card) ? "waiting" : "in_hand";
}

/** Higher level first, then the one that waits longest; what is resolved, newest first. Ties by id: rows never swap by chance. */
export function byUrgency(one: Card, other: Card): number {
  if (!isOpen(one) && !isOpen(other))
    return other.updated_at_ms - one.updated_at_ms || compare(one.id, other.id);
  return (
    Number(isUnanswered(other)) - Number(isUnanswered(one)) ||
    other.level - one.level ||
    one.opened_at_ms - other.opened_at_ms ||
    compare(one.id, other.id)
  );
}

export function board(cards: Iterable<Card>): Record<Section, Card[]> {
  const parts: Record<Section, Card[]> = { waiting: [], in_hand: [], drills: [], resolved: [] };
  for (const card of cards) parts[sectionOf(card)].push(card);
  for (const section of SECTIONS) parts[section].sort(byUrgency);
  return parts;
}

const compare = (one: string, other: string) => (one < other ? -1 : Number(one > other));
