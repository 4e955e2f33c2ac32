import type { PurposeView } from "../../api/identity";
import type { Words } from "../../words/vi";

export interface PurposeWords {
  readonly title: string;
  readonly text: string;
  readonly aim: string;
}

/** A purpose that this page does not know yet is told by what it reads and gives, which stands in its view. */
export function purposeWords({ purpose }: PurposeView, { identity }: Words): PurposeWords {
  const known: Readonly<Record<string, PurposeWords>> = identity.purpose.of;
  return (Object.hasOwn(known, purpose) ? known[purpose] : null) ?? identity.purpose.other;
}

/** @returns who receives, by the name that a citizen knows; else as the station was told. */
export function recipientWords({ recipient }: PurposeView, { identity }: Words): string {
  const known: Readonly<Record<string, string>> = identity.recipient;
  return (Object.hasOwn(known, recipient) ? known[recipient] : null) ?? recipient;
}

/** @returns a list as one sentence, which begins with a capital letter only once. */
const listed = ([first = "", ...rest]: string[]): string =>
  `${[first, ...rest.map((name) => name.charAt(0).toLowerCase() + name.slice(1))].join(", ")}.`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What the consent says, point by point, as it stands on the screen and as it is read aloud. */
export function consentPoints(purpose: PurposeView, words: Words): { name: string; text: string }[] {
  const { consent, field } = words.identity;
  const gets = consent.whoGets[purpose.gives];
  const who = purpose.gives === "sealed" ? capital(`${recipientWords(purpose, words)}, ${gets}`) : gets;
  return [
    { name: consent.reads, text: listed(purpose.fields.map((each) => field[each])) },
    { name: consent.aim, text: purposeWords(purpose, words).aim },
    { name: consent.who, text: who },
    { name: consent.keeps, text: consent.howLong[purpose.gives] },
  ];
}
