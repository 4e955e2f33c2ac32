import type { ActionForm, Verb } from "../api/types";

/** What leads on, nearest first: the first of them that is allowed is the big button. */
const FORWARD: readonly Verb[] = [
  "receive",
  "accept",
  "start",
  "assign",
  "decide",
  "resolve",
  "make-ready",
  "deliver",
  "contact",
  "finish",
  "offer",
  "attend",
];

/** The one next step, and everything else in the order in which the flow names it. */
export function arrange(forms: readonly ActionForm[]): { next: ActionForm | null; others: ActionForm[] } {
  const verb = FORWARD.find((each) => forms.some(({ action }) => action === each));
  const next = forms.find(({ action }) => action === verb) ?? null;
  return { next, others: forms.filter((form) => form !== next) };
}
