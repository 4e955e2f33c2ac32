import type { IdentityView } from "../../api/identity";
import type { Words } from "../../words/vi";
import type { Sentence } from "../sentences";

/** The one calm sentence at the top of a card's screen, and what helps to follow it. */
export function identitySentence(view: IdentityView, words: Words): Sentence {
  const { identity } = words;
  const { page } = view;
  const gives = view.purpose?.gives ?? "nothing";
  switch (page) {
    case "none":
      return identity.start;
    case "trouble":
      return troubleSentence(view, words);
    case "review":
      return { title: identity.review.title[gives], hint: identity.review.hint[gives] };
    case "sending":
      return { title: identity.sending.title[gives], hint: identity.sending.hint };
    case "done":
      return { title: identity.done.title[gives], hint: identity.done.hint[gives] };
    case "farewell":
      return farewellSentence(view, words);
    default:
      return identity[page];
  }
}

function troubleSentence({ trouble }: IdentityView, { identity }: Words): Sentence {
  const { title, next } = identity.trouble[trouble?.fault ?? "silent"];
  return { title, hint: next };
}

/** Whoever forgets the card on the reader is told of nothing else. */
function farewellSentence({ outcome, card_present }: IdentityView, { identity }: Words): Sentence {
  const { take, title, hint } = identity.farewell;
  return { title: card_present ? take : title[outcome ?? "finished"], hint };
}
