const SECOND_MS = 1_000;
const PRECISE_BELOW_MS = 10_000;
const MINUTE_MS = 60_000;

/** A duration in seconds as people compare them: `0,02`, `4,35`, `31`; hundredths only where they matter. */
export function seconds(durationMs: number, locale: string): string {
  const digits = durationMs < PRECISE_BELOW_MS ? 2 : 0;
  return (durationMs / SECOND_MS).toLocaleString(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** Splits what is long enough to be said in minutes. */
export function minutes(durationMs: number): { minutes: number; seconds: number } {
  const whole = Math.round(durationMs / SECOND_MS) * SECOND_MS;
  return { minutes: Math.floor(whole / MINUTE_MS), seconds: (whole % MINUTE_MS) / SECOND_MS };
}

/** How much of the whole, 0-100; null when there is no whole. */
export const share = (part: number, whole: number) => (whole > 0 ? Math.round((100 * part) / whole) : null);
