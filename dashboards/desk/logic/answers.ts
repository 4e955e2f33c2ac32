import type { Asked, Name, RequestCard, ServiceForm } from "../api/types";
import { dayOf } from "../../common/time/ages";

/** The sealed document, as far as this page reads it (see edge/services/documents.py). Whatever else stands there is kept out. */
export interface Opened {
  request: string;
  tracking: string;
  version: number;
  submittedAtMs: number | null;
  answers: Record<string, unknown>;
  card: { fields: Record<string, unknown>; issuer: string; cloneCheck: string } | null;
  papers: { document: string; optional: boolean }[];
}

/** One line of what somebody submitted; `pictures` counts those that answer the question. */
export interface Row {
  question: string;
  answer: string;
  pictures: number;
}

/** What an answer needs to be said: the clerk's language, and the words that no catalogue has. */
export interface Speech {
  pick: (name: Name) => string;
  yes: string;
  no: string;
  skipped: string;
  atStation: string;
  currency: string;
  wards: ReadonlyMap<string, string>;
  pictures: (count: number) => string;
}

/** Reads a document that was opened; null when it is none of ours. */
export function readOpened(document: unknown): Opened | null {
  if (!isRecord(document) || !isRecord(document.answers)) return null;
  const card = isRecord(document.card) ? document.card : null;
  const papers = Array.isArray(document.papers) ? document.papers.filter(isRecord) : [];
  return {
    request: text(document.request),
    tracking: text(document.tracking),
    version: Number(document.version),
    submittedAtMs: typeof document.submitted_at_ms === "number" ? document.submitted_at_ms : null,
    answers: document.answers,
    card: card && {
      fields: isRecord(card.fields) ? card.fields : {},
      issuer: text(card.issuer),
      cloneCheck: text(card.clone_check),
    },
    papers: papers.map((each) => ({ document: text(each.document), optional: each.optional === true })),
  };
}

/** Whether what was opened is what was sent with this request, and not some other. */
export const belongsTo = (opened: Opened, card: RequestCard): boolean =>
  opened.request === card.id && opened.tracking === card.tracking;

/** Questions with their answers, in the catalogue's order; what it no longer knows comes last, under its own name. */
export function answerRows(opened: Opened, service: ServiceForm | null, speech: Speech): Row[] {
  const asked = (service?.questions ?? []).filter(({ id }) => id in opened.answers);
  const known = new Set(asked.map(({ id }) => id));
  const others = Object.keys(opened.answers).filter((id) => !known.has(id));
  return [
    ...asked.map((question) =>
      rowOf(speech.pick(question.text), question, opened.answers[question.id], speech),
    ),
    ...others.map((id) => rowOf(id, null, opened.answers[id], speech)),
  ];
}

function rowOf(question: string, asked: Asked | null, value: unknown, speech: Speech): Row {
  const isPicture = asked?.type === "photo" || asked?.type === "scan";
  const pictures = isPicture && Array.isArray(value) ? value.length : 0;
  return { question, answer: said(asked, value, speech), pictures };
}

function said(asked: Asked | null, value: unknown, speech: Speech): string {
  if (value === null || value === undefined || value === "") return speech.skipped;
  if (typeof value === "boolean") return value ? speech.yes : speech.no;
  if (Array.isArray(value)) return speech.pictures(value.length);
  if (isRecord(value)) return placeSaid(value, speech);
  return plainSaid(asked, String(value as string | number), speech);
}

function plainSaid(asked: Asked | null, plain: string, speech: Speech): string {
  switch (asked?.type) {
    case "choice": {
      const option = asked.options.find(({ id }) => id === plain);
      return option ? speech.pick(option.label) : plain;
    }
    case "day":
      return readDay(plain);
    case "amount":
      return `${Number(plain).toLocaleString("vi-VN")} ${speech.currency}`;
    case "number":
      return asked.unit ? `${plain} ${speech.pick(asked.unit)}` : plain;
    default:
      return plain;
  }
}

function placeSaid(value: Record<string, unknown>, speech: Speech): string {
  const ward = text(value.ward);
  const point = value.at === "point" ? `${String(value.lat)}, ${String(value.lon)}` : "";
  const parts = [
    value.at === "station" ? speech.atStation : point,
    text(value.street),
    ward && (speech.wards.get(ward) ?? ward),
    text(value.note),
  ];
  return parts.filter(Boolean).join(", ");
}

function readDay(plain: string): string {
  const ms = Date.parse(`${plain}T00:00:00+07:00`);
  return Number.isNaN(ms) ? plain : dayOf(ms);
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
