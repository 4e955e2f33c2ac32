import type { Sheet, Step, View } from "../api/types";
import type { Words } from "../words/vi";
import { usable } from "./choices";

/** The one calm sentence at the top of a screen, and what helps to follow it. */
export interface Sentence {
  readonly title: string;
  readonly hint: string;
}

export function sentenceOf(view: View, words: Words): Sentence {
  switch (view.page) {
    case "choose":
      return usable(view.offers).length > 0
        ? words.choose
        : { title: words.choose.nothing, hint: words.choose.nothingHint };
    case "consent":
      return words.consent;
    case "step":
      return view.step ? stepSentence(view.step, words) : words.starting;
    case "sheet":
      return view.sheet ? sheetSentence(view.sheet, words) : words.starting;
    case "farewell":
      return words.farewell;
  }
}

function stepSentence(step: Step, words: Words): Sentence {
  const { kind, phase } = step;
  switch (phase) {
    case "prepare":
      return { title: words.prepare[kind].title, hint: words.device[kind] };
    case "waiting":
      return words.waiting;
    case "measuring":
      return measuringSentence(step, words);
    case "rest":
      return words.rest;
    case "result":
      return step.is_doubtful
        ? { title: words.result.doubtTitle, hint: words.result.doubtHint }
        : { title: words.result.title(words.kind[kind]), hint: words.result.hint };
    case "trouble":
      return troubleSentence(step, words);
    case "entry":
      return words.entry;
  }
}

function measuringSentence({ kind }: Step, { measuring }: Words): Sentence {
  if (kind === "height" || kind === "weight")
    return { title: measuring.standing, hint: measuring.standingHint };
  return { title: measuring.title, hint: kind === "blood-pressure" ? measuring.cuffHint : measuring.hint };
}

function troubleSentence({ trouble }: Step, words: Words): Sentence {
  const { title, next } = words.trouble[trouble ?? "timed-out"];
  return { title, hint: next };
}

const sheetSentence = (sheet: Sheet, words: Words): Sentence =>
  sheet.rows.length > 0 ? words.sheet : { title: words.sheet.none, hint: words.sheet.noneHint };
