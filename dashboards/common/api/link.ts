/**
 * When a silent stream is called lost, when it is given up and opened anew, and when one that the browser has closed
 * is. Beats come every 2 s, and the clock that looks ticks every second: silence is told within 7 s.
 */
export const LOST_AFTER_MS = 5_500;
export const REOPEN_AFTER_MS = 20_000;
const REPLACE_AFTER_MS = 2_000;

export type LinkState = "connecting" | "live" | "lost";

/** What is known of a stream: all times are of one monotonic local clock. */
export interface Pulse {
  /** When this stream object was opened. */
  readonly openedMs: number;
  /** When the server was last heard, on this stream or an earlier one. */
  readonly heardMs: number | null;
}

export function linkState({ openedMs, heardMs }: Pulse, nowMs: number): LinkState {
  if (heardMs === null) return nowMs - openedMs >= LOST_AFTER_MS ? "lost" : "connecting";
  return nowMs - heardMs >= LOST_AFTER_MS ? "lost" : "live";
}

/**
 * A half-open connection never errors, and a stream refused once (a proxy's 502) never comes back by itself.
 * @param isClosed the browser has given this stream up for good.
 */
export function mustReopen({ openedMs, heardMs }: Pulse, nowMs: number, isClosed: boolean): boolean {
  const patienceMs = isClosed ? REPLACE_AFTER_MS : REOPEN_AFTER_MS;
  return nowMs - Math.max(openedMs, heardMs ?? openedMs) >= patienceMs;
}
