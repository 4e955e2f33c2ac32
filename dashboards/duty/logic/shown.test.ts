import { describe, expect, it } from "vitest";
import { isBehind } from "./shown";
import { sampleCard } from "./sample";

describe("isBehind", () => {
  it.each([
    ["new", "received", false],
    ["new", "police-received", false],
    ["new", "closed", true],
    ["acknowledged", "received", true],
    ["acknowledged", "police-received", false],
    ["on_scene", "on-the-way", true],
    ["resolved", "closed", false],
  ] as const)("%s shown as %s: %s", (state, stage, expected) =>
    expect(isBehind(sampleCard({ state, shown: { stage, at_ms: 1 } }))).toBe(expected),
  );

  it("says nothing of a station that confirmed nothing", () => {
    expect(isBehind(sampleCard({ state: "dispatched" }))).toBe(false);
  });
});
