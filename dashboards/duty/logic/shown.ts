import type { Card, IncidentState, Stage } from "../../common/api/types";

const STAGE_OF: Record<IncidentState, Stage> = {
  new: "received",
  acknowledged: "police-received",
  dispatched: "on-the-way",
  on_scene: "on-scene",
  resolved: "closed",
};

/** The station still shows an earlier step than the officers have taken. */
export const isBehind = (card: Card) => card.shown !== null && card.shown.stage !== STAGE_OF[card.state];
