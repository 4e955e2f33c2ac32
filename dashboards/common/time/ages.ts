const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The zone all wall-clock times are shown in, whatever the workstation is set to. */
export const ZONE = "Asia/Ho_Chi_Minh";

const two = (value: number) => String(value).padStart(2, "0");

/** A running age like a departure board's: `0:07`, `12:41`, `1:05:09`; never negative. */
export function boardAge(ageMs: number): string {
  const age = Math.max(0, ageMs);
  const hours = Math.floor(age / HOUR_MS);
  const minutes = Math.floor((age % HOUR_MS) / MINUTE_MS);
  const seconds = two(Math.floor((age % MINUTE_MS) / SECOND_MS));
  return hours > 0 ? `${hours}:${two(minutes)}:${seconds}` : `${minutes}:${seconds}`;
}

export type AgeUnit = "now" | "second" | "minute" | "hour" | "day";

/** An age in its largest whole unit, for sentences such as "2 phút trước". */
export function roundAge(ageMs: number): { count: number; unit: AgeUnit } {
  if (ageMs < SECOND_MS) return { count: 0, unit: "now" };
  if (ageMs < MINUTE_MS) return { count: Math.floor(ageMs / SECOND_MS), unit: "second" };
  if (ageMs < HOUR_MS) return { count: Math.floor(ageMs / MINUTE_MS), unit: "minute" };
  if (ageMs < DAY_MS) return { count: Math.floor(ageMs / HOUR_MS), unit: "hour" };
  return { count: Math.floor(ageMs / DAY_MS), unit: "day" };
}

/** An age for what is seen again and again: nothing below a minute is worth a word that changes every second. */
export const coarseAge = (ageMs: number) => roundAge(ageMs < MINUTE_MS ? 0 : ageMs);

const clockFormat = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const dayFormat = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  day: "2-digit",
  month: "2-digit",
  year: "numeric",
});

/** `03:12:05` in the city's zone. */
export const clockTime = (atMs: number) => clockFormat.format(atMs);

/** `22/11/2026` in the city's zone. */
export const dayOf = (atMs: number) => dayFormat.format(atMs);

/** The city's hour of the day, 0-23. */
export const hourOf = (atMs: number) => Number(clockTime(atMs).slice(0, 2));
