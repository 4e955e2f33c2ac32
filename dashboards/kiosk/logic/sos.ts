import type { SosStage, Status } from "../api/types";
import { SOS_STAGES } from "../api/types";

/** One press on the screen: its id is made once and sent until the daemon has it on its disk. */
export interface Press {
  readonly id: string;
  readonly attempts: number;
  /** When the daemon had it on its disk, on a monotonic clock. */
  readonly recordedMs: number | null;
}

export type SosFace =
  | { readonly is: "none" }
  | { readonly is: "sending" | "failing" }
  | { readonly is: "stage"; readonly stage: SosStage };

const FAILS_AFTER = 2;

/** What may truthfully be said: "recorded" only when the disk has it, further stages only when the daemon tells them. */
export function faceOf(press: Press | null, status: Status | null): SosFace {
  if (press?.recordedMs === null) return { is: press.attempts >= FAILS_AFTER ? "failing" : "sending" };
  if (status?.sos) return { is: "stage", stage: status.sos.stage };
  return press ? { is: "stage", stage: "recorded" } : { is: "none" };
}

/** Presses of one minute join one incident at the centre: sending a second would tell nobody anything new. */
const JOINED_MS = 60_000;

export const newPress = (id: string): Press => ({ id, attempts: 0, recordedMs: null });
export const failed = (press: Press): Press => ({ ...press, attempts: press.attempts + 1 });
export const recorded = (press: Press, nowMs: number): Press => ({ ...press, recordedMs: nowMs });

/** @returns whether another touch is a new call for help, and not the one that is known already. */
export const isNewCall = (press: Press | null, nowMs: number): boolean =>
  press === null || (press.recordedMs !== null && nowMs - press.recordedMs >= JOINED_MS);

/** The press is forgotten once the daemon has told its story to the end: it was there, and is no more. */
export function isOver(before: Status | null, now: Status): boolean {
  return before?.sos !== null && before?.sos !== undefined && now.sos === null;
}

/** @returns whether `stage` has been reached when the newest is `newest`. */
export const isReached = (stage: SosStage, newest: SosStage): boolean =>
  SOS_STAGES.indexOf(stage) <= SOS_STAGES.indexOf(newest);

const ID_BYTES = 16;

export const newId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(ID_BYTES))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
