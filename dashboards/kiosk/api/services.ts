/**
 * What the daemon says of the services (edge/services/view.py, catalogue). The lists are those enums in their order;
 * tests/browser/kiosk/test_services_contract.py compares them.
 */
export const SERVICES_PAGES = [
  "home",
  "group",
  "service",
  "question",
  "check",
  "sending",
  "receipt",
  "trouble",
  "farewell",
  "keep",
  "kept",
  "resume",
  "found",
  "waiting",
] as const;
export type ServicesPage = (typeof SERVICES_PAGES)[number];

export const SERVICES_ACTIONS = [
  "open",
  "choose",
  "start",
  "use-card",
  "answer",
  "skip",
  "change",
  "show",
  "hide",
  "submit",
  "back",
  "end",
  "extend",
  "keep",
  "keep-by-code",
  "keep-by-card",
  "resume",
  "unlock",
  "forget",
] as const;
export type ServicesAction = (typeof SERVICES_ACTIONS)[number];

/** What a person has in mind: the groups of the start screen. */
export const NEEDS = [
  "home",
  "family",
  "papers",
  "money",
  "health",
  "safety",
  "telephone-bank",
  "talk",
] as const;
export type Need = (typeof NEEDS)[number];

export const SERVICE_KINDS = [
  "dossier",
  "report",
  "bill",
  "booking",
  "referral",
  "contact",
  "cabin",
] as const;
export type ServiceKind = (typeof SERVICE_KINDS)[number];

export const TOPICS = ["what", "how-much", "how-long", "what-needed"] as const;
export type Topic = (typeof TOPICS)[number];

export const QUESTION_TYPES = [
  "text",
  "name",
  "phone",
  "day",
  "number",
  "amount",
  "choice",
  "yes-no",
  "address",
  "place",
  "photo",
  "scan",
  "bill-code",
  "card",
] as const;
export type QuestionType = (typeof QUESTION_TYPES)[number];

export const ANSWER_FAULTS = [
  "missing",
  "wrong-kind",
  "too-short",
  "too-long",
  "strange",
  "no-match",
  "no-day",
  "future",
  "past",
  "too-far",
  "too-low",
  "too-high",
  "too-many",
  "no-ward",
  "no-place",
] as const;
export type AnswerFault = (typeof ANSWER_FAULTS)[number];

export const DRAFT_TROUBLES = ["no-room", "not-kept", "no-draft", "draft-damaged"] as const;
export type DraftTrouble = (typeof DRAFT_TROUBLES)[number];
export const SERVICE_TROUBLES = ["full", "no-recipient", ...DRAFT_TROUBLES] as const;
export type ServiceTrouble = (typeof SERVICE_TROUBLES)[number];

/** Why a code did not open a draft. */
export const DRAFT_FAULTS = ["mistyped", "unknown", "damaged", "unreadable", "not-offered"] as const;
export type DraftFault = (typeof DRAFT_FAULTS)[number];

export const SERVICE_OUTCOMES = ["finished", "timed-out", "left", "kept", "still-kept", "forgotten"] as const;
export type ServiceOutcome = (typeof SERVICE_OUTCOMES)[number];

export const SERVICE_REFUSALS = [
  "not-now",
  "need",
  "service",
  "question",
  "picture",
  "text-version",
] as const;

/** A text of the catalogue, in every language that the screen speaks. */
export interface Told {
  readonly vi: string;
  readonly en: string;
}

export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

export interface Entry {
  readonly id: string;
  readonly name: Told;
  readonly summary: Told;
  readonly kind: ServiceKind;
}
export interface Menu {
  readonly needs: readonly { readonly need: Need; readonly services: readonly Entry[] }[];
}

export interface ToldAnswer {
  readonly topic: string;
  readonly text: Told;
  readonly source: string;
  readonly confirmed: boolean;
}

/** A paper to bring to the desk. */
export interface Paper {
  readonly name: Told;
  readonly optional: boolean;
}

export interface ServiceCard {
  readonly id: string;
  readonly version: number;
  readonly kind: ServiceKind;
  readonly name: Told;
  readonly summary: Told;
  readonly warning: Told | null;
  readonly data_use: Told;
  readonly decides: Told;
  readonly answers: readonly ToldAnswer[];
  readonly result: Told;
  readonly identity: { readonly level: "none" | "number" | "chip"; readonly fields: readonly string[] };
  readonly has_card_fields: boolean;
  readonly papers: readonly Paper[];
}

export interface Option {
  readonly id: string;
  readonly label: Told;
  readonly help: Told | null;
}

export interface QuestionCard {
  readonly id: string;
  readonly type: QuestionType;
  readonly text: Told;
  readonly help: Told | null;
  readonly spoken: Told | null;
  readonly optional: boolean;
  readonly personal: boolean;
  readonly number: number;
  readonly of: number;
  readonly value: Json;
  readonly fault: { readonly reason: AnswerFault; readonly hint: Told | null } | null;
  readonly options?: readonly Option[];
  readonly max_length?: number;
  readonly many_lines?: boolean;
  readonly pattern_hint?: Told | null;
  readonly example?: string | null;
  readonly unit?: Told | null;
  readonly lowest?: number;
  readonly highest?: number;
  readonly span?: "any" | "past" | "future";
  readonly years?: number;
  readonly most?: number;
}

export interface RowCard {
  readonly question: string;
  readonly text: Told;
  /** Empty while it is hidden: the daemon does not send it. */
  readonly shown: Told;
  readonly is_personal: boolean;
  readonly is_hidden: boolean;
  readonly is_card: boolean;
  readonly may_change: boolean;
}

export interface Receipt {
  readonly tracking: string;
  /** Only who has it may change what was submitted; it is never read aloud. */
  readonly word: string;
  readonly at_ms: number;
  /** The line was up when it was submitted; nothing is said of who has received it. */
  readonly is_online: boolean;
  readonly deadline_words: Told | null;
}

/** What is asked for to open a draft; `by_card` are the services that a card opens one of. */
export interface Resume {
  readonly fault: DraftFault | null;
  /** No code is taken for so long. */
  readonly seconds_left: number | null;
  readonly by_card: readonly string[];
}

/** A draft that was opened; `anew` is to be answered anew. */
export interface Found {
  readonly answered: number;
  readonly anew: readonly Told[];
  readonly is_changed: boolean;
  readonly until_ms: number;
}

/** What the person takes along: a code, or (empty) their card. */
export interface Kept {
  readonly code: string;
  readonly until_ms: number;
}

export interface ServicesView {
  readonly version: number;
  readonly page: ServicesPage;
  readonly actions: readonly ServicesAction[];
  readonly need: Need | null;
  readonly service: ServiceCard | null;
  readonly question: QuestionCard | null;
  readonly rows: readonly RowCard[];
  readonly receipt: Receipt | null;
  readonly trouble: ServiceTrouble | null;
  readonly is_submitted: boolean;
  readonly idle: { readonly seconds_left: number } | null;
  readonly outcome: ServiceOutcome | null;
  readonly resume: Resume | null;
  readonly found: Found | null;
  readonly kept: Kept | null;
}

export interface ServicesOrder {
  readonly action: ServicesAction;
  readonly need?: Need;
  readonly service?: string;
  readonly question?: string;
  readonly value?: Json;
  readonly text_version?: string;
  /** As it was typed. */
  readonly code?: string;
}

export interface Ward {
  readonly code: string;
  readonly name: string;
}
