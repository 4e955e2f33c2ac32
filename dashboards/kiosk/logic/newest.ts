import type { View } from "../api/types";

/** An answer to an order may arrive after a newer view of the stream; the stream alone tells of a new daemon. */
export function newest<V extends { readonly version: number }>(shown: V | null, answer: V): V {
  return shown !== null && shown.version >= answer.version ? shown : answer;
}

/** What makes it another screen: then the voice begins anew and the keyboard goes to its title. */
export function screenKey(view: View): string {
  const { step } = view;
  if (!step) return view.page;
  return [view.page, step.kind, step.phase, step.reading, step.trouble ?? ""].join(" ");
}
