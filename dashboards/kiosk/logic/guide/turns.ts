import type { LanguageCode } from "../../../common/i18n/language.svelte";
import type { GuideIntentKind, GuideTurn } from "../../api/guide";
import type { GuideWords } from "../../words/guide/vi";
import type { Sentence } from "../sentences";
import { told } from "../services/told";

/** What the page shows of a turn; each has one thing to do next. */
export type Face = "type" | "choose" | "service" | "sos";

export const offers = (turn: GuideTurn, kind: GuideIntentKind): boolean =>
  turn.intents.some((intent) => intent.kind === kind);

export function faceOf(turn: GuideTurn): Face {
  if (offers(turn, "sos")) return "sos";
  if (turn.proposals.length > 0) return "choose";
  return turn.service ? "service" : "type";
}

/** The one calm sentence at the top: the service at hand, or the first thing that the guide says; the rest below it. */
export function guideSentence(turn: GuideTurn, code: LanguageCode, words: GuideWords): Sentence {
  const said = turn.sentences.map((text) => told(text, code));
  const face = faceOf(turn);
  if (face === "sos") return { title: words.sosTitle, hint: said.join(" ") };
  if (face === "service") return { title: told(turn.service?.name, code), hint: said.join(" ") };
  return { title: said[0] ?? words.starting, hint: said.slice(1).join(" ") };
}
