/**
 * What the daemon says of a citizen's card (edge/identity/view.py, edge/idcard). The lists are those enums in their
 * order; tests/browser/kiosk/test_identity.py compares them.
 */
export const IDENTITY_PAGES = [
  "none",
  "purpose",
  "consent",
  "number",
  "dates",
  "card",
  "reading",
  "trouble",
  "review",
  "sending",
  "done",
  "farewell",
] as const;
export type IdentityPage = (typeof IDENTITY_PAGES)[number];

export const IDENTITY_ACTIONS = [
  "open",
  "choose",
  "agree",
  "number",
  "scan",
  "to-dates",
  "dates",
  "retry",
  "show",
  "hide",
  "remove",
  "restore",
  "send",
  "back",
  "end",
  "extend",
] as const;
export type IdentityAction = (typeof IDENTITY_ACTIONS)[number];

export const CARD_FAULTS = [
  "gone",
  "silent",
  "other-card",
  "wrong-key",
  "blocked",
  "garbled",
  "refused",
  "unreadable",
  "tampered",
  "foreign-issuer",
  "issuer-expired",
  "issuer-revoked",
  "cloned",
  "other-person",
  "no-reader",
] as const;
/** What the station itself cannot do now, whatever the card is. */
export const STATION_FAULTS = ["busy", "full", "too-late"] as const;
export type IdentityFault = (typeof CARD_FAULTS)[number] | (typeof STATION_FAULTS)[number];

export const CARD_FIELDS = [
  "number",
  "name",
  "birth",
  "sex",
  "nationality",
  "ethnicity",
  "religion",
  "origin",
  "residence",
  "marks",
  "issued",
  "expires",
  "parents",
  "spouse",
  "old-number",
  "card-id",
  "photo",
] as const;
export type CardField = (typeof CARD_FIELDS)[number];

/** What is only ever shown to its person, and goes to nobody. */
export const NEVER_SENT = [
  "ethnicity",
  "religion",
  "marks",
  "parents",
  "spouse",
  "old-number",
  "card-id",
  "photo",
] as const satisfies readonly CardField[];

export const READING_STEPS = ["opening", "reading", "photo", "proving"] as const;
export type ReadingStep = (typeof READING_STEPS)[number];

export const GIVES = ["nothing", "pseudonym", "sealed", "prefill"] as const;
export type Gives = (typeof GIVES)[number];

export const ISSUERS = ["verified", "not-checked"] as const;
export const CLONE_CHECKS = ["chip-authentication", "active-authentication", "not-supported"] as const;

export const OUTCOMES = ["finished", "card-removed", "timed-out"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const REFUSALS = ["not-now", "purpose", "text-version", "number", "code", "dates", "field"] as const;
export type Refusal = (typeof REFUSALS)[number];

export interface PurposeView {
  readonly purpose: string;
  readonly gives: Gives;
  /** What is read. */
  readonly fields: readonly CardField[];
  /** Who gets what is sealed; empty where nobody does. */
  readonly recipient: string;
}

export interface FieldView {
  readonly field: CardField;
  /** Null while it is hidden: the daemon does not send it. */
  readonly value: string | null;
  readonly is_shown: boolean;
  readonly is_removed: boolean;
  readonly is_needed: boolean;
}

export interface CardTrouble {
  readonly fault: IdentityFault;
  readonly tries_left: number;
  /** Until the card may be tried again. */
  readonly wait_s: number;
}

export interface Proof {
  readonly issuer: (typeof ISSUERS)[number];
  readonly clone_check: (typeof CLONE_CHECKS)[number];
}

export interface IdentityView {
  readonly version: number;
  readonly page: IdentityPage;
  readonly actions: readonly IdentityAction[];
  readonly purposes: readonly PurposeView[];
  readonly purpose: PurposeView | null;
  readonly card_present: boolean;
  readonly reader_ok: boolean;
  /** The station's scanner read another code than a card's. */
  readonly is_misread: boolean;
  readonly step: { readonly name: ReadingStep } | null;
  readonly trouble: CardTrouble | null;
  readonly fields: readonly FieldView[];
  readonly has_photo: boolean;
  readonly proof: Proof | null;
  readonly idle: { readonly seconds_left: number } | null;
  readonly outcome: Outcome | null;
}

export interface IdentityOrder {
  readonly action: IdentityAction;
  readonly purpose?: string;
  readonly text_version?: string;
  readonly number?: string;
  readonly text?: string;
  /** YYYY-MM-DD, as are all days here. */
  readonly birth?: string;
  readonly expiry?: string;
  readonly field?: CardField;
}
