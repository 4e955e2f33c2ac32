import type { LanguageCode } from "../../../common/i18n/language.svelte";
import type { GuideTurn } from "../../api/guide";
import { told } from "../services/told";
import { inParts } from "../services/speech";

/** What the guide says aloud: the answer first, then its sentences, then what may be chosen. Never what was typed. */
export function spokenGuide(
  { answer, service, sentences, proposals }: GuideTurn,
  code: LanguageCode,
): string[] {
  const name = answer && service ? [`${told(service.name, code)}.`] : [];
  const choices = proposals.map((choice) => `${told(choice.name, code)}.`);
  return [...name, told(answer?.text, code), ...sentences.map((text) => told(text, code)), ...choices]
    .filter((text) => text !== "")
    .flatMap(inParts);
}
