import type { Refusal } from "../state/open.svelte";
import type { Words } from "../words/vi";

/** One calm sentence: what happened, and that nothing was sent. */
export function refusalSentence(
  { code, card }: Refusal,
  { refusal, state }: Words,
  nameOf: (login: string | null) => string | null,
): string {
  if (code === "stale") {
    const who = nameOf(card?.assignee ?? null) ?? refusal.someone;
    return refusal.stale(who, card ? state[card.state] : "");
  }
  const sentences: Record<string, unknown> = refusal;
  const sentence = sentences[code];
  return typeof sentence === "string" ? sentence : refusal.other;
}
