/** What the daemon says of a payment (edge/paying/view.py). The lists are those enums in their order. */
export const PAYING_PAGES = [
  "none",
  "asking",
  "bills",
  "no-bills",
  "opening",
  "pay",
  "paid",
  "over",
  "trouble",
  "done",
] as const;
export type PayingPage = (typeof PAYING_PAGES)[number];

export const PAYING_ACTIONS = ["choose", "again", "back", "done"] as const;
export type PayingAction = (typeof PAYING_ACTIONS)[number];

export const PAYING_TROUBLES = [
  "offline",
  "out-of-reach",
  "unknown-account",
  "paid-already",
  "not-offered",
] as const;
export type PayingTrouble = (typeof PAYING_TROUBLES)[number];

export interface OpenBill {
  readonly bill: string;
  readonly period: string;
  readonly amount_dong: number;
  /** `2026-12-31` */
  readonly due_day: string | null;
}

export interface PayingView {
  readonly version: number;
  readonly page: PayingPage;
  readonly actions: readonly PayingAction[];
  readonly is_fee: boolean;
  readonly holder: string;
  readonly bills: readonly OpenBill[];
  readonly is_changed: boolean;
  readonly chosen: OpenBill | null;
  readonly trouble: PayingTrouble | null;
  readonly is_heard: boolean;
  readonly amount_dong: number;
  readonly taken_dong: number;
  readonly ways: readonly string[];
  readonly reference: string;
  readonly until_ms: number;
  readonly paid_at_ms: number | null;
  readonly receipt: string;
  readonly invoice: string;
}

export interface PayingOrder {
  readonly action: PayingAction;
  readonly bill?: string;
}

/** @param reference asks for a fresh picture for another order. */
export const payingCodeUrl = (provider: string, reference: string): string =>
  `/api/paying/codes/${provider}?order=${encodeURIComponent(reference)}`;
