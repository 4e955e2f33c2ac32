import type { Card, IncidentState, Stage } from "../../common/api/types";

/** What may truthfully stand there. An acknowledgement that came to nothing is not taken back before the person. */
const STAGES_OF: Record<IncidentState, readonly Stage[]> = {
  new: ["received", "police-received"],
  acknowledged: ["police-received"],
  dispatched: ["on-the-way"],
  on_scene: ["on-scene"],
  resolved: ["closed"],
};

/** The station still shows an earlier step than the officers have taken. */
export const isBehind = (card: Card) =>
  card.shown !== null && !STAGES_OF[card.state].includes(card.shown.stage);
