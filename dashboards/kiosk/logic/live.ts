import type { Step, VitalKind } from "../api/types";

export type SignalLevel = "good" | "fair" | "weak" | "unknown";

const GOOD = 0.66;
const FAIR = 0.33;

/** @param signal 0 to 1, null where the device does not tell. */
export function signalLevel(signal: number | null): SignalLevel {
  if (signal === null) return "unknown";
  if (signal >= GOOD) return "good";
  return signal >= FAIR ? "fair" : "weak";
}

/** The scale of the pressure bar: what a cuff usually reaches. */
const FULL_MMHG = 200;

export const pressureFraction = (mmhg: number): number => clamp(mmhg / FULL_MMHG);

/** One round of the ring is a minute, so that a ring which is half full is always half a minute. */
const ROUND_S = 60;

export const countdownFraction = (secondsLeft: number): number => clamp(secondsLeft / ROUND_S);

export type LivePicture = "cuff" | "wave" | "ring" | "still";

const WAVES: readonly VitalKind[] = ["oxygen", "heart-rate"];

/** What is worth watching while an instrument measures. */
export function livePicture({ kind, live }: Step): LivePicture {
  if (kind === "blood-pressure") return "cuff";
  if (WAVES.includes(kind)) return "wave";
  return live?.progress === null || live?.progress === undefined ? "still" : "ring";
}

export const clamp = (value: number): number => Math.min(1, Math.max(0, value));
