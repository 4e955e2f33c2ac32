/** Vietnam has one offset and no summer time. */
const OFFSET_MS = 7 * 3_600_000;
const HALF_DAY_MS = 12 * 3_600_000;
const SHIFT_START_MS = 6 * 3_600_000;

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The twelve-hour shift (06-18, 18-06 in the city) that `nowMs` falls into, moved by `shifts` whole shifts. */
export function shiftAt(nowMs: number, shifts = 0): Span {
  const sinceStart = nowMs + OFFSET_MS - SHIFT_START_MS;
  const fromMs = nowMs - (sinceStart % HALF_DAY_MS) + shifts * HALF_DAY_MS;
  return { fromMs, toMs: fromMs + HALF_DAY_MS };
}

/** For `<input type="datetime-local">`: `2026-11-22T06:00` in the city's zone. */
export const toInput = (atMs: number) => new Date(atMs + OFFSET_MS).toISOString().slice(0, 16);

/** @returns null when the field is empty or half filled. */
export function fromInput(text: string): number | null {
  const atMs = Date.parse(`${text}:00+07:00`);
  return Number.isNaN(atMs) ? null : atMs;
}
