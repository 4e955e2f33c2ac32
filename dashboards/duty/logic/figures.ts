import { boardAge } from "../../common/time/ages";

const SECOND_MS = 1_000;
/** Below it a figure would read as nothing at all. */
export const LEAST_MS = 10;
const PRECISE_BELOW_MS = 10_000;
const MINUTES_FROM_MS = 120_000;

/** A duration in seconds as people compare them: `< 0,01`, `0,02`, `4,35`, `31`; hundredths only where they matter. */
export function seconds(durationMs: number, locale: string): string {
  if (durationMs < LEAST_MS) return `< ${seconds(LEAST_MS, locale)}`;
  const digits = durationMs < PRECISE_BELOW_MS ? 2 : 0;
  return (durationMs / SECOND_MS).toLocaleString(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** A duration as one reads it: seconds by `inWords`, from two minutes on as `6:52`. */
export function durationText(durationMs: number, locale: string, inWords: (text: string) => string): string {
  return durationMs < MINUTES_FROM_MS ? inWords(seconds(durationMs, locale)) : boardAge(durationMs);
}

/** How much of the whole, 0-100; null when there is no whole. */
export const share = (part: number, whole: number) => (whole > 0 ? Math.round((100 * part) / whole) : null);
