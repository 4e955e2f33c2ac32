import type { Action, Offer, Phase, View, VitalKind } from "../api/types";

/** The buttons of one screen: at most one is the way forward; `back` has its own fixed place. */
export interface Choices {
  readonly primary: Action | null;
  readonly others: readonly Action[];
}

const FORWARD: Record<Phase, readonly Action[]> = {
  prepare: ["start"],
  waiting: ["stop"],
  measuring: ["stop"],
  rest: ["stop"],
  result: ["next"],
  trouble: ["repeat", "start", "next", "skip"],
  entry: ["enter"],
};
/** `enter` beside another way means: type it instead. */
const OTHERS: readonly Action[] = ["repeat", "next", "enter", "stop", "skip"];

/** Only what the daemon accepts is offered; a doubtful result leads to another try first. */
export function choicesOf(view: View): Choices {
  const { step, actions } = view;
  if (!step) return { primary: null, others: [] };
  const order: readonly Action[] =
    step.phase === "result" && step.is_doubtful ? ["repeat", "next"] : FORWARD[step.phase];
  const primary = order.find((action) => actions.includes(action)) ?? null;
  return { primary, others: OTHERS.filter((action) => action !== primary && actions.includes(action)) };
}

/** Choosing is the screen's own until it is sent: what is not ready cannot be chosen. */
export function toggled(
  chosen: readonly VitalKind[],
  kind: VitalKind,
  offers: readonly Offer[],
): VitalKind[] {
  if (chosen.includes(kind)) return chosen.filter((each) => each !== kind);
  return usable(offers)
    .map((offer) => offer.kind)
    .filter((each) => each === kind || chosen.includes(each));
}

export const usable = (offers: readonly Offer[]): Offer[] =>
  offers.filter(({ readiness }) => readiness !== "missing");

/** What the way forward would measure: what was chosen, or everything, and about how long that takes. */
export function plan(
  chosen: readonly VitalKind[],
  offers: readonly Offer[],
): { kinds: VitalKind[]; seconds: number } {
  const wanted = usable(offers).filter(({ kind }) => chosen.length === 0 || chosen.includes(kind));
  return {
    kinds: wanted.map(({ kind }) => kind),
    seconds: wanted.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}
