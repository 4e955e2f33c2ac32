import type { PayingView } from "../../../kiosk/api/paying.ts";

const BILLS = [
  { bill: "2026-10", period: "10/2026", amount_dong: 388_000, due_day: "2026-10-28" },
  { bill: "2026-11", period: "11/2026", amount_dong: 1_412_000, due_day: "2026-11-28" },
];

export const NOT_PAYING: PayingView = {
  version: 1,
  page: "none",
  actions: [],
  is_fee: false,
  holder: "",
  bills: [],
  is_changed: false,
  chosen: null,
  trouble: null,
  is_heard: true,
  amount_dong: 0,
  taken_dong: 0,
  ways: [],
  reference: "",
  until_ms: 0,
  paid_at_ms: null,
  receipt: "",
  invoice: "",
};

const AMONG: PayingView = {
  ...NOT_PAYING,
  page: "bills",
  actions: ["choose"],
  holder: "N*** V** A",
  bills: BILLS,
};
const PAY: PayingView = {
  ...AMONG,
  page: "pay",
  actions: ["back"],
  chosen: BILLS[1] ?? null,
  amount_dong: 1_412_000,
  ways: ["bank", "vnpay", "momo"],
  reference: "TCDS8K2M4Q7",
  until_ms: Date.now() + 12 * 60_000,
};

/** Every page of paying, over the receipt of a bill. */
export const PAYING_SCENES: Readonly<Record<string, PayingView>> = {
  "paying-asking": { ...NOT_PAYING, page: "asking" },
  "paying-bills": AMONG,
  "paying-bills-changed": { ...AMONG, is_changed: true },
  "paying-no-bills": { ...AMONG, page: "no-bills", actions: [], bills: [] },
  "paying-pay": PAY,
  "paying-pay-one-way": { ...PAY, ways: ["bank"] },
  "paying-pay-partly": { ...PAY, taken_dong: 1_000_000, is_heard: false },
  "paying-paid": {
    ...PAY,
    page: "paid",
    actions: ["done"],
    ways: [],
    taken_dong: 1_500_000,
    paid_at_ms: PAY.until_ms,
    receipt: "BN00000001",
    invoice: "1C26TEV-0000001",
  },
  "paying-over": { ...PAY, page: "over", actions: ["again", "back"], ways: [] },
  "paying-trouble-offline": { ...NOT_PAYING, page: "trouble", trouble: "offline", actions: ["again"] },
  "paying-trouble-unknown-account": { ...NOT_PAYING, page: "trouble", trouble: "unknown-account" },
  "paying-trouble-paid-already": { ...AMONG, page: "trouble", trouble: "paid-already", actions: ["back"] },
};
