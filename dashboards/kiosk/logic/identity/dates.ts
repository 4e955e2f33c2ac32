/** Days as they stand on the card, dd/mm/yyyy: typed as eight digits, told to the station as YYYY-MM-DD. */
export const DAY_LENGTH = 8;

const SHAPE = /^(\d{2})(\d{2})(\d{4})$/;
/** Nobody who stands here was born before, and no card is valid for longer. */
const FIRST_YEAR = 1900;
const LAST_YEAR = 2199;

/** @returns the day as it is read back while it is typed; an underscore stands for what is missing. */
export function dayShown(digits: string): string {
  const shown = digits.padEnd(DAY_LENGTH, "_");
  return `${shown.slice(0, 2)}/${shown.slice(2, 4)}/${shown.slice(4)}`;
}

/** @returns YYYY-MM-DD, or null when it is no day of the calendar. */
export function isoDay(digits: string): string | null {
  const match = SHAPE.exec(digits);
  if (!match) return null;
  const [, day, month, year] = match as unknown as [string, string, string, string];
  if (Number(year) < FIRST_YEAR || Number(year) > LAST_YEAR) return null;
  const iso = `${year}-${month}-${day}`;
  const parsed = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(iso) ? iso : null;
}

export type DatesProblem = "number" | "birth" | "expiry" | "order";

export interface Typed {
  readonly number: string;
  readonly birth: string;
  readonly expiry: string;
}

/**
 * @param today YYYY-MM-DD
 * @returns what is still missing or cannot be, or null when the station may try it. An expired card can be read, too.
 */
export function datesProblem({ number, birth, expiry }: Typed, today: string): DatesProblem | null {
  if (number.length < 12) return "number";
  const born = isoDay(birth);
  if (born === null || born > today) return "birth";
  const ends = isoDay(expiry);
  if (ends === null) return "expiry";
  return ends <= born ? "order" : null;
}

/** Vietnam has one time and never changes its clocks. */
const ICT_MS = 7 * 3_600_000;

/** @returns the day it is in Vietnam, YYYY-MM-DD. */
export const isoToday = (nowMs: number): string => new Date(nowMs + ICT_MS).toISOString().slice(0, 10);
