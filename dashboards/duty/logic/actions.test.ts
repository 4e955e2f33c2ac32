import { describe, expect, it } from "vitest";
import { isAllowed, mayAct, nextAction, newKey, otherActions } from "./actions";
import { sampleCard } from "./sample";

describe("the next step", () => {
  it.each([
    ["new", "acknowledge"],
    ["acknowledged", "dispatch"],
    ["dispatched", "on_scene"],
    ["on_scene", "resolve"],
    ["resolved", "reopen"],
  ] as const)("of %s is %s, and is never offered twice", (state, action) => {
    const card = sampleCard({ state });
    expect(nextAction(card)).toBe(action);
    expect(otherActions(card)).not.toContain(action);
    expect(isAllowed(card, action)).toBe(true);
  });

  it("may skip forward, but nobody closes what nobody took", () => {
    expect(isAllowed(sampleCard(), "dispatch")).toBe(true);
    expect(isAllowed(sampleCard(), "resolve")).toBe(false);
    expect(isAllowed(sampleCard({ state: "resolved" }), "hand_over")).toBe(false);
  });
});

describe("mayAct", () => {
  it("is the officers' and the city desk's alone", () => {
    const roles = ["duty_officer", "city_desk", "fleet_admin", "auditor"] as const;
    expect(roles.filter(mayAct)).toEqual(["duty_officer", "city_desk"]);
  });
});

describe("newKey", () => {
  it("is 32 hex digits and another one each time", () => {
    expect(newKey()).toMatch(/^[0-9a-f]{32}$/);
    expect(newKey()).not.toBe(newKey());
  });
});
