import type { ActionName, Card, IncidentState, Role } from "../../common/api/types";

/** The one next step of each state: it is the big button. */
const NEXT: Record<IncidentState, ActionName> = {
  new: "acknowledge",
  acknowledged: "dispatch",
  dispatched: "on_scene",
  on_scene: "resolve",
  resolved: "reopen",
};
/** What else may be done: a step may be skipped forward. The server has the last word (409 `not-allowed`). */
const ALSO: Record<IncidentState, readonly ActionName[]> = {
  new: ["dispatch", "note"],
  acknowledged: ["on_scene", "resolve", "hand_over", "note"],
  dispatched: ["resolve", "hand_over", "note"],
  on_scene: ["hand_over", "note"],
  resolved: ["note"],
};

export const mayAct = (role: Role) => role === "duty_officer" || role === "city_desk";
export const mayDrill = (role: Role) => role !== "auditor" && role !== "desk_officer";

export const nextAction = (card: Card): ActionName => NEXT[card.state];
export const otherActions = (card: Card): readonly ActionName[] => ALSO[card.state];
export const isAllowed = (card: Card, action: ActionName) =>
  nextAction(card) === action || otherActions(card).includes(action);

/** 32 hex digits; unlike `crypto.randomUUID` this also works on a page served without TLS. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
