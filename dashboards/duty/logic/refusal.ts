import { clockTime } from "../../common/time/ages";
import type { Words } from "../words/vi";
import type { Refusal } from "./intent";

/** One calm sentence: what happened, who did what when, and that nothing was sent. */
export function refusalSentence(refusal: Refusal, words: Words): string {
  const { desk } = words;
  if (refusal.reason === "not-allowed") return desk.notAllowed;
  return refusal.reason === "stale" ? desk.stale(whatChanged(refusal, words)) : desk[refusal.reason];
}

function whatChanged({ card }: Refusal, { desk, state }: Words): string {
  if (!card || card.state === "new") return desk.staleOther;
  return desk.staleState(card.owner?.name ?? desk.someone, state[card.state], clockTime(card.updated_at_ms));
}
