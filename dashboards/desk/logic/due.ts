import type { RequestCard } from "../api/types";

export type DueLook = "late" | "today" | "ahead" | "over";

/** How near a promise is: `days` are working days of the city's calendar, counted by the centre. */
export function dueOf(card: RequestCard): { look: DueLook; days: number } {
  if (card.due_at_ms === null || card.due_days === null) return { look: "over", days: 0 };
  if (card.is_overdue) return { look: "late", days: Math.abs(Math.min(card.due_days, 0)) };
  return card.due_days <= 0 ? { look: "today", days: 0 } : { look: "ahead", days: card.due_days };
}

const DAY_MS = 86_400_000;
const VIETNAM_MS = 7 * 3_600_000;

/** The day (`2026-11-30`) so many days ahead in Vietnam, moved to a Monday when it falls on a weekend. */
export function dayAhead(nowMs: number, days: number): string {
  const day = new Date(nowMs + VIETNAM_MS + days * DAY_MS);
  const weekday = day.getUTCDay();
  const rest = weekday === 6 ? 2 : weekday === 0 ? 1 : 0;
  return new Date(day.getTime() + rest * DAY_MS).toISOString().slice(0, 10);
}

/** The end of office hours of a day in Vietnam; null when there is no such day. */
export function closingMs(day: string): number | null {
  return momentMs(`${day}T17:00`);
}

/** A wall-clock time of Vietnam (`2026-11-30T08:30`); null when it is none. */
export function momentMs(text: string): number | null {
  const moment = Date.parse(`${text}:00+07:00`);
  return Number.isNaN(moment) ? null : moment;
}
