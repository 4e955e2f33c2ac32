/**
 * What the daemon says to the touch screen (edge/cabin/view.py, wire/entries.py). The lists are those enums in their
 * order; tests/browser/test_kiosk_contract.py compares them.
 */
export const VITAL_KINDS = [
  "blood-pressure",
  "oxygen",
  "temperature",
  "heart-rate",
  "weight",
  "height",
  "glucose",
] as const;
export type VitalKind = (typeof VITAL_KINDS)[number];

export const FLAGS = [
  "motion",
  "cuff-loose",
  "irregular-pulse",
  "pulse-out-of-range",
  "wrong-position",
  "weak-signal",
  "divergent",
  "untimed",
  "manual",
] as const;
export type Flag = (typeof FLAGS)[number];

export const READINESSES = ["ready", "asleep", "missing"] as const;
export type Readiness = (typeof READINESSES)[number];

export const PAGES = ["choose", "consent", "step", "sheet", "farewell"] as const;
export type PageName = (typeof PAGES)[number];

export const PHASES = ["prepare", "waiting", "measuring", "rest", "result", "trouble", "entry"] as const;
export type Phase = (typeof PHASES)[number];

export const TROUBLES = [
  "probe-off",
  "cuff-loose",
  "cuff-leak",
  "motion",
  "no-pulse",
  "overpressure",
  "low-battery",
  "timed-out",
  "broken",
  "lost",
  "silent",
  "bond",
  "radio",
  "implausible",
  "no-value",
  "not-recorded",
] as const;
export type Trouble = (typeof TROUBLES)[number];

export const ACTIONS = [
  "begin",
  "consent",
  "start",
  "stop",
  "repeat",
  "skip",
  "next",
  "enter",
  "back",
  "finish",
  "withdraw",
  "extend",
] as const;
export type Action = (typeof ACTIONS)[number];

export const CONSENT_SCOPES = ["keep", "share"] as const;
export type ConsentScope = (typeof CONSENT_SCOPES)[number];

export const SOS_STAGES = [
  "recorded",
  "received",
  "police-received",
  "on-the-way",
  "on-scene",
  "closed",
] as const;
export type SosStage = (typeof SOS_STAGES)[number];

/** By the names and in the units of wire.measures. */
export type Values = Readonly<Record<string, number>>;

export interface Offer {
  readonly kind: VitalKind;
  readonly readiness: Readiness;
  readonly seconds: number;
}

export interface Live {
  readonly values: Values;
  /** 0 to 1 */
  readonly signal: number | null;
  /** 0 to 1 */
  readonly progress: number | null;
  readonly flags: readonly Flag[];
}

export interface Reading {
  readonly values: Values;
  readonly flags: readonly Flag[];
}

export interface Step {
  readonly kind: VitalKind;
  readonly number: number;
  readonly of: number;
  readonly phase: Phase;
  readonly reading: number;
  readonly readings: number;
  readonly live: Live | null;
  readonly countdown_s: number | null;
  readonly trouble: Trouble | null;
  readonly result: Reading | null;
  readonly is_doubtful: boolean;
}

export interface Row {
  readonly kind: VitalKind;
  readonly values: Values;
  readonly flags: readonly Flag[];
  readonly readings: readonly Reading[];
  readonly is_doubtful: boolean;
  readonly calibration_overdue: boolean;
}

export interface News {
  readonly at_least: number;
  readonly missing: readonly string[];
  readonly is_high: boolean;
}

export interface Sheet {
  readonly at_ms: number;
  readonly rows: readonly Row[];
  readonly skipped: readonly VitalKind[];
  readonly news2: News | null;
  /** What was agreed to, once the disk has all of it. */
  readonly kept: ConsentScope | null;
  readonly is_withdrawn: boolean;
  readonly trouble: Trouble | null;
}

export interface View {
  readonly version: number;
  readonly page: PageName;
  readonly offers: readonly Offer[];
  readonly actions: readonly Action[];
  readonly chosen: readonly VitalKind[];
  readonly consent: ConsentScope | null;
  readonly step: Step | null;
  readonly sheet: Sheet | null;
  readonly idle: { readonly seconds_left: number } | null;
  /** What is kept will belong to whoever's card was read. */
  readonly is_bound: boolean;
}

export interface Wave {
  /** 0 to 100 each */
  readonly samples: readonly number[];
  readonly rate_hz: number;
}

export interface Status {
  readonly online: boolean;
  readonly sos: { readonly stage: SosStage } | null;
  readonly at_ms: number;
}

export interface Order {
  readonly action: Action;
  readonly kinds?: readonly VitalKind[];
  readonly scope?: ConsentScope | null;
  readonly measure?: string;
  readonly value?: number;
  readonly text_version?: string;
}

export interface About {
  readonly station: { readonly id: string; readonly name: string; readonly place: string };
  readonly has_cabin: boolean;
  readonly has_card: boolean;
  /** Absent where the daemon is older than the page. */
  readonly has_services?: boolean;
  readonly has_guide?: boolean;
  readonly has_printer: boolean;
  readonly has_service: boolean;
  readonly release: string;
}
