import type { LanguageCode } from "../../common/i18n/language.svelte";
import type { PayingView } from "../api/paying";
import { payingWords } from "../words/paying/words";
import type { Sentence } from "./sentences";

/** The one calm sentence at the top of a page. */
export function payingSentence(view: PayingView, code: LanguageCode): Sentence {
  const { page, trouble } = payingWords[code];
  if (view.page === "none" || view.page === "done") return page.paid;
  return view.page === "trouble" ? trouble[view.trouble ?? "out-of-reach"] : page[view.page];
}

/** `412.000 đ`, with a space that does not break. */
export const dong = (amount: number): string =>
  `${String(amount).replaceAll(/\B(?=(?:\d{3})+$)/g, ".")}\u00a0đ`;

/** `2026-11-28` as people write it. */
export const dayWritten = (day: string): string => day.split("-").reverse().join("/");

/** What is read aloud: no amount and no name, others may stand near. */
export function spokenPaying(view: PayingView, code: LanguageCode): string[] {
  const { title, hint } = payingSentence(view, code);
  return [`${title}.`, hint];
}
