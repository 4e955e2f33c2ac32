import type { Words } from "../words/vi";

interface Failed {
  readonly failure: "refused" | "unanswered" | null;
  readonly reason: string;
}

/** One calm sentence for an order that was not taken: the reason where there is something to do about it. */
export function failureWords({ failure, reason }: Failed, words: Words): string {
  if (failure === null) return "";
  const reasons: Readonly<Record<string, string>> = { ...words.services.refusal, ...words.identity.refusal };
  return failure === "refused" && Object.hasOwn(reasons, reason) ? (reasons[reason] ?? "") : words[failure];
}
