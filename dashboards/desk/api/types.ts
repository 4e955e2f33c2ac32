/** What the API says about requests and desks, field by field. Times are UTC milliseconds (`*_ms`). */
import type { User } from "../../common/api/types";

export interface Name {
  vi: string;
  en: string;
}
export type Kind = "dossier" | "report" | "referral" | "booking" | "contact";
export const STATES = [
  "submitted",
  "received",
  "refused",
  "processing",
  "supplement-wanted",
  "supplemented",
  "fee-wanted",
  "fee-paid",
  "decided",
  "result-ready",
  "delivered",
  "stopped",
  "withdrawn",
  "new",
  "accepted",
  "duplicate",
  "assigned",
  "in-progress",
  "resolved",
  "reopened",
  "confirmed",
  "closed",
  "sent",
  "contacted",
  "done",
  "declined",
  "asked",
  "offered",
  "booked",
  "reminded",
  "attended",
  "cancelled",
  "missed",
] as const;
export type State = (typeof STATES)[number];
export type Verb =
  | "receive"
  | "refuse"
  | "start"
  | "ask-supplement"
  | "ask-fee"
  | "decide"
  | "make-ready"
  | "deliver"
  | "stop"
  | "accept"
  | "mark-duplicate"
  | "assign"
  | "resolve"
  | "contact"
  | "finish"
  | "decline"
  | "offer"
  | "attend"
  | "miss"
  | "cancel"
  | "apologise";
/** What others do: people, the clock, outside systems. */
export type OtherVerb =
  | "submit"
  | "supplement"
  | "pay"
  | "withdraw"
  | "confirm"
  | "reopen"
  | "book"
  | "remind"
  | "rate"
  | "follow"
  | "run-late"
  | "nudge"
  | "lapse";
export interface Span {
  start_ms: number;
  end_ms: number;
}
export interface RequestCard {
  id: string;
  tracking: string;
  kind: Kind;
  service: string;
  service_version: number;
  service_name: Name | null;
  ward: string;
  ward_name: string;
  station: string;
  station_name: string;
  desk: string | null;
  connector: string | null;
  state: State;
  turn: "desk" | "citizen" | null;
  is_overdue: boolean;
  due_days: number | null;
  actions: Verb[];
  version: number;
  opened_at_ms: number;
  entered_at_ms: number;
  updated_at_ms: number;
  due_at_ms: number | null;
  late_since_ms: number | null;
  ended_at_ms: number | null;
  reason: string | null;
  decision: "granted" | "denied" | null;
  duplicate_of: string | null;
  assignee: string | null;
  rating: number | null;
  new_dates: number;
  case_number: string | null;
  category: string | null;
  fields: string[];
  slots: Span[];
  slot: Span | null;
}
export interface RequestPage {
  requests: RequestCard[];
  next: string | null;
}
export type Parameter =
  | "reason"
  | "note"
  | "wanted"
  | "decision"
  | "duplicate_of"
  | "assignee"
  | "slots"
  | "new_due_ms"
  | "case_number";
export interface Reason extends Name {
  key: string;
}
export interface ActionForm {
  action: Verb;
  needs: Parameter[];
  may: Parameter[];
  is_end: boolean;
  reasons: Reason[];
}
export interface RequestEvent {
  sequence: number;
  at_ms: number;
  actor: { kind: "citizen" | "desk" | "connector" | "system"; name: string | null };
  verb: Verb | OtherVerb;
  state: State;
  data: Record<string, unknown>;
  reason: Name | null;
}
export interface RequestDetail {
  card: RequestCard;
  events: RequestEvent[];
  forms: ActionForm[];
}
export interface SealedRequest {
  recipients: string[];
  sealed: string | null;
  amendments: { amendment: string; action: string; made_at_ms: number; sealed: string | null }[];
}
export interface Desk {
  id: string;
  name: Name | null;
  open: number;
  overdue: number;
  ended: number;
  median_ms: number | null;
  people: User[];
}
export interface Choice {
  id: string;
  label: Name;
}
export interface Asked {
  id: string;
  type: string;
  text: Name;
  field: string | null;
  unit: Name | null;
  options: Choice[];
}
export interface ServiceForm {
  id: string;
  version: number;
  name: Name;
  questions: Asked[];
  documents: Choice[];
}
export interface DeadLetter {
  number: number;
  kind: "submit" | "amend" | "paid" | "message";
  channel: string;
  attempts: number;
  ended_at_ms: number;
  detail: string;
  request: RequestCard;
}
/** What an action carries beside its verb, the version seen and its key. */
export type Filled = Partial<{
  reason: string;
  note: string;
  wanted: string[];
  decision: "granted" | "denied";
  duplicate_of: string;
  assignee: string;
  slots: [number, number][];
  new_due_ms: number;
  case_number: string;
}>;
