import type { AnswerFault, Json, QuestionCard, RowCard, Told } from "../../../kiosk/api/services.ts";
import { CITY_WARDS, type Asked, type Known, type When } from "./services-catalogue.ts";

/** The answers of one visit, by their question. */
export type Answers = Readonly<Record<string, Json>>;

const holds = ({ question, ...want }: When, answers: Answers): boolean => {
  const value = answers[question];
  if (value === undefined) return false;
  if ("is" in want && want.is !== undefined && want.is !== null) return value === want.is;
  if (want.in && want.in.length > 0) return want.in.includes(value);
  return !(want.not ?? []).includes(value);
};

/** @returns every question that applies to these answers, in order. */
export const applicable = ({ questions }: Known, answers: Answers): Asked[] =>
  questions.filter(({ when }) => when.every((each) => holds(each, answers)));

export const nextQuestion = (service: Known, answers: Answers): Asked | null =>
  applicable(service, answers).find(({ id }) => answers[id] === undefined) ?? null;

const PHONE = /^(?:0|\+84)(?:[35789][0-9]{8}|2[0-9]{9})$/;
const isText = (value: Json): value is string => typeof value === "string";
const tidied = (value: Json): string => (isText(value) ? value.trim() : "");

function numberFault({ lowest = 0, highest = 1e9 }: Asked, value: Json): AnswerFault | null {
  if (typeof value !== "number") return "wrong-kind";
  if (value < lowest) return "too-low";
  return value > highest ? "too-high" : null;
}

function dayFault({ span }: Asked, value: Json): AnswerFault | null {
  const today = new Date().toISOString().slice(0, 10);
  if (span === "past" && tidied(value) > today) return "future";
  return span === "future" && tidied(value) < today ? "past" : null;
}

function textFault({ pattern, max_length = 200 }: Asked, value: Json): AnswerFault | null {
  const text = tidied(value);
  if (text === "") return "missing";
  if (text.length > max_length) return "too-long";
  return pattern && !new RegExp(`^(?:${pattern})$`).test(text) ? "no-match" : null;
}

const CHECKS: Partial<Record<Asked["type"], (question: Asked, value: Json) => AnswerFault | null>> = {
  text: textFault,
  "bill-code": textFault,
  name: (_, value) => (tidied(value).length < 2 ? "too-short" : null),
  phone: (_, value) => (PHONE.test(tidied(value).replace(/[\s.]/g, "")) ? null : "no-match"),
  number: numberFault,
  amount: numberFault,
  day: dayFault,
};

/** The checks of an honest daemon, as far as a screen can meet them. */
export function faultOf(question: Asked, value: Json): AnswerFault | null {
  if (value === null) return question.optional ? null : "missing";
  return CHECKS[question.type]?.(question, value) ?? null;
}

const HINTS: Partial<Record<AnswerFault, Told>> = {
  "no-match": {
    vi: "Câu trả lời chưa đúng dạng. Xin xem lại từng chữ, từng số.",
    en: "The answer is not in the right form. Please look at every letter and digit.",
  },
};

export function questionCard(
  service: Known,
  answers: Answers,
  { id, hasCard, fault = null }: { id: string; hasCard: boolean; fault?: AnswerFault | null },
): QuestionCard | null {
  const asked = applicable(service, answers).filter(({ type }) => !(hasCard && type === "card"));
  const question = asked.find((each) => each.id === id);
  if (!question) return null;
  const { hint } = question;
  return {
    ...(question as unknown as QuestionCard),
    pattern_hint: hint ?? null,
    number: asked.indexOf(question) + 1,
    of: asked.length,
    value: question.type === "card" ? null : (answers[id] ?? null),
    fault: fault && { reason: fault, hint: (fault === "no-match" && hint) || (HINTS[fault] ?? null) },
  };
}

const same = (text: string): Told => ({ vi: text, en: text });

function partsShown(value: Json): Told {
  const { ward, street, note } = value as { ward?: string; street?: string; note?: string };
  if (ward) return same(`${street ?? ""}, ${CITY_WARDS.find(({ code }) => code === ward)?.name ?? ward}`);
  const more = note ? ` (${note})` : "";
  return { vi: `Tại trạm này${more}`, en: `At this station${more}` };
}

function shown({ options, unit }: Asked, value: Json): Told {
  const option = options?.find(({ id }) => id === value);
  if (option) return option.label;
  if (value === null) return { vi: "Bỏ qua", en: "Left out" };
  if (typeof value === "boolean") return value ? { vi: "Có", en: "Yes" } : { vi: "Không", en: "No" };
  if (typeof value === "object") return partsShown(value);
  return unit ? { vi: `${value} ${unit.vi}`, en: `${value} ${unit.en}` } : same(String(value));
}

export const rowCards = (service: Known, answers: Answers, seen: readonly string[]): RowCard[] =>
  applicable(service, answers).map((question) => {
    const isHidden = question.personal && !seen.includes(question.id);
    return {
      question: question.id,
      text: question.text,
      shown: isHidden ? same("") : shown(question, answers[question.id] ?? null),
      is_personal: question.personal,
      is_hidden: isHidden,
      is_card: question.type === "card",
      may_change: question.type !== "card",
    };
  });
