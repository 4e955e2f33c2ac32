import type { LanguageCode } from "../../../common/i18n/language.svelte";
import type { QuestionCard, ServicesView } from "../../api/services";
import { draftWords, servicesWords } from "../../words/services/words";
import type { Words } from "../../words/vi";
import type { Sentence } from "../sentences";
import { told } from "./told";

/** What the screen speaks now: the language, and the words that are always there. */
export interface Tongue {
  readonly code: LanguageCode;
  readonly words: Words;
}

type Made = (view: ServicesView, tongue: Tongue) => Sentence;

const SENTENCES: Record<ServicesView["page"], Made> = {
  home: (_, { words }) => words.services.home,
  group: ({ need }, { code, words }) => ({
    title: need ? words.services.need[need].title : words.services.home.needs,
    hint: servicesWords[code].group.hint,
  }),
  service: ({ service }, { code }) => ({
    title: told(service?.name, code),
    hint: told(service?.summary, code),
  }),
  question: ({ question }, tongue) => (question ? questionSentence(question, tongue) : tongue.words.starting),
  check: (_, { code }) => servicesWords[code].check,
  sending: (_, { code }) => servicesWords[code].sending,
  receipt: ({ service }, { code }) => {
    const { title, hint } = servicesWords[code].receipt;
    return { title: title[service?.kind ?? "dossier"], hint };
  },
  trouble: ({ trouble }, { code }) => servicesWords[code].trouble[trouble ?? "full"],
  farewell: ({ outcome }, { code }) => {
    const { title, hint } = servicesWords[code].farewell;
    return { title: title[outcome ?? "finished"], hint: hint[outcome ?? "finished"] };
  },
  keep: (_, { code }) => draftWords[code].keep,
  kept: ({ kept }, { code }) => {
    const { title, hintByCode, hintByCard } = draftWords[code].kept;
    return { title, hint: kept?.code === "" ? hintByCard : hintByCode };
  },
  resume: (_, { code }) => draftWords[code].resume,
  found: ({ service }, { code }) => ({
    title: draftWords[code].found.title,
    hint: told(service?.name, code),
  }),
  waiting: (_, { code }) => draftWords[code].waiting,
};

/** The one calm sentence at the top of a screen of the services, and what helps to follow it. */
export const servicesSentence: Made = (view, tongue) => SENTENCES[view.page](view, tongue);

export function questionSentence(question: QuestionCard, { code }: Tongue): Sentence {
  const own = servicesWords[code].question;
  const help = told(question.help, code);
  const may = question.optional ? own.optional : "";
  return { title: told(question.text, code), hint: [help, may].filter(Boolean).join(" ") };
}

/** @returns why the last answer was not taken, in the question's own words where it has some. */
export function faultWords(fault: NonNullable<QuestionCard["fault"]>, code: LanguageCode): string {
  return told(fault.hint, code) || servicesWords[code].fault.reason[fault.reason];
}
