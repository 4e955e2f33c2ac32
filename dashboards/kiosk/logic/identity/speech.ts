import type { IdentityView } from "../../api/identity";
import type { Words } from "../../words/vi";
import { consentPoints, purposeWords } from "./purposes";
import { identitySentence } from "./sentences";

/**
 * What is read aloud on a card's screen, at once and when asked for alike. Nothing that stands on a card is: others
 * may stand near, and the station's voice keeps sentences that it has spoken.
 */
export function spokenIdentity(view: IdentityView, words: Words): string[] {
  const { title, hint } = identitySentence(view, words);
  return [title, hint, ...more(view, words)];
}

function more(view: IdentityView, words: Words): string[] {
  const { identity } = words;
  const { page, purpose, purposes, proof } = view;
  if (page === "purpose") return purposes.map((each) => `${purposeWords(each, words).title}.`);
  if (page === "consent" && purpose)
    return consentPoints(purpose, words).map(({ name, text }) => `${name}: ${text}`);
  if (page === "card") return [...identity.card.steps];
  if (page === "number") return [identity.number.scan, identity.number.or];
  if (page === "trouble") return [identity.troubleKept];
  return page === "review" && proof ? [identity.proof[proof.issuer][proof.clone_check]] : [];
}
