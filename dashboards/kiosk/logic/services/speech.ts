import type { QuestionCard, ServicesView } from "../../api/services";
import { draftWords, servicesWords } from "../../words/services/words";
import { faultWords, servicesSentence, type Tongue } from "./sentences";
import { told } from "./told";
import { spokenTracking } from "./tracking";

/**
 * What is read aloud on a screen of the services. No answer ever is: others may stand near. The tracking code is read
 * when the person asks to hear the screen again.
 */
export function spokenServices(view: ServicesView, tongue: Tongue, isAsked: boolean): string[] {
  const { title, hint } = servicesSentence(view, tongue);
  const spoken = told(view.question?.spoken, tongue.code);
  const sentences = [spoken || title, hint, ...(MORE[view.page]?.(view, tongue, isAsked) ?? [])];
  return sentences.filter((text) => text !== "").flatMap(inParts);
}

type More = (view: ServicesView, tongue: Tongue, isAsked: boolean) => string[];

const MORE: Partial<Record<ServicesView["page"], More>> = {
  home: (_, { words }) => Object.values(words.services.need).map(({ title }) => `${title}.`),
  service: (view, { code }) => aboutService(view, code),
  question: ({ question }, { code }) => (question ? aboutQuestion(question, code) : []),
  check: (_, { code }) => [servicesWords[code].check.banner, servicesWords[code].check.bannerText],
  trouble: ({ trouble }, { code }) => [servicesWords[code].trouble[trouble ?? "full"].next],
  receipt: (view, { code }, isAsked) => aboutReceipt(view, code, isAsked),
  keep: (_, { code }) => [...draftWords[code].keep.facts],
  kept: (_, { code }) => [draftWords[code].kept.notSubmitted],
  resume: ({ resume }, { code }) => (resume?.fault ? [draftWords[code].resume.fault[resume.fault]] : []),
  found: (view, { code }) => aboutDraft(view, code),
};

/** The code of a draft is a secret, unlike that of a receipt: it is never read aloud. */
function aboutDraft({ found }: ServicesView, code: Tongue["code"]): string[] {
  if (!found) return [];
  const own = draftWords[code].found;
  const changed = found.is_changed ? [`${own.changed}.`] : [];
  const anew = found.anew.length > 0 ? [`${own.anew}:`, ...found.anew.map((text) => told(text, code))] : [];
  return [`${own.answered(found.answered)}.`, ...changed, ...anew];
}

function aboutReceipt({ receipt }: ServicesView, code: Tongue["code"], isAsked: boolean): string[] {
  if (!receipt) return [];
  const own = servicesWords[code].receipt;
  const tracking = isAsked ? own.spokenCode(spokenTracking(receipt.tracking)) : own.listen;
  return [receipt.is_online ? own.online : own.offline, tracking];
}

function aboutService({ service }: ServicesView, code: Tongue["code"]): string[] {
  const topics: Readonly<Record<string, string>> = servicesWords[code].service.topic;
  const answers = service?.answers.filter(({ topic }) => topic !== "what") ?? [];
  return [
    told(service?.warning, code),
    ...answers.map(({ topic, text }) => `${topics[topic] ?? ""} ${told(text, code)}`.trim()),
    told(service?.data_use, code),
  ];
}

function aboutQuestion(question: QuestionCard, code: Tongue["code"]): string[] {
  const own = servicesWords[code];
  const fault = question.fault ? [own.fault.title, faultWords(question.fault, code)] : [];
  if (question.type === "yes-no") return [...fault, own.question.yes, own.question.no];
  return [...fault, ...(question.options ?? []).map(({ label }) => `${told(label, code)}.`)];
}

const MOST = 380;
const SENTENCE = /[^.!?]+(?:[.!?]+\s*|$)/g;

/** The voice takes MOST at once; what is longer is read in parts, each ending where a sentence does. */
export function inParts(text: string): string[] {
  if (text.length <= MOST) return [text];
  const pieces = (text.match(SENTENCE) ?? [text]).flatMap((piece) => piece.match(/.{1,380}/gs) ?? []);
  return pieces.reduce<string[]>((done, piece) => {
    const last = done.at(-1) ?? "";
    return last !== "" && last.length + piece.length <= MOST
      ? [...done.slice(0, -1), last + piece]
      : [...done, piece];
  }, []);
}
