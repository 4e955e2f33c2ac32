import type { Json, QuestionCard } from "../../api/services";
import type { Case } from "../typing/typed";

/** What is being typed is a draft; it becomes an answer when the person goes on. */
export const textDraft = (value: Json): string => (typeof value === "string" ? value : "");

const MAX_BY_TYPE: Readonly<Record<string, number>> = { name: 100, "bill-code": 30, text: 200 };

export const maxLength = ({ type, max_length }: QuestionCard): number =>
  max_length ?? MAX_BY_TYPE[type] ?? 200;

const CASES: Readonly<Record<string, Case>> = { name: "names", "bill-code": "capitals" };
export const caseOf = ({ type }: QuestionCard): Case => CASES[type] ?? "sentences";

/** Digits as they are typed from an answer: `2026-11-22` is 22112026, a telephone number loses its plus. */
export function digitsDraft({ type, value }: QuestionCard): string {
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return "";
  return type === "day" ? value.split("-").reverse().join("") : value.replace("+84", "0").replace(/\D/g, "");
}

const PHONE_DIGITS = 11;

/** How many digits there is room for. */
export const digitsRoom = ({ type, highest }: QuestionCard): number =>
  type === "phone" ? PHONE_DIGITS : String(highest ?? 1_000_000_000).length;

const PHONE_GROUPS = /^(\d{1,4})(\d{0,3})(\d*)$/;
const THOUSANDS = /\B(?=(?:\d{3})+$)/g;

/** @returns digits as people write them: 0903 123 456; 75.000; each kind in its way. */
export function groupedDigits(type: QuestionCard["type"], digits: string, thousands: string): string {
  if (type === "phone") return digits.replace(PHONE_GROUPS, "$1 $2 $3").trim();
  return digits.replace(THOUSANDS, thousands);
}

export interface Address {
  readonly ward: string;
  readonly street: string;
}
export function addressDraft(value: Json): Address {
  const { ward, street } = membersOf(value);
  return { ward: textDraft(ward ?? null), street: textDraft(street ?? null) };
}

/** @returns the words beside a place, or null where the present answer is no place. */
export function placeNote(value: Json): string | null {
  const { at, note } = membersOf(value);
  return at === undefined ? null : textDraft(note ?? null);
}

const membersOf = (value: Json): Readonly<Record<string, Json | undefined>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, Json | undefined>)
    : {};
