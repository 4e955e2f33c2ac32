import { describe, expect, it } from "vitest";
import { takesScreen } from "./takeover";
import { sampleCard } from "./sample";

const sos = sampleCard({ id: "incoming" });
const other = sampleCard({ id: "other", state: "acknowledged" });

describe("takesScreen", () => {
  it.each([
    ["opens when nothing is open", sos, null, false, true],
    ["leaves somebody who is typing alone", sos, null, true, false],
    ["leaves another person's open case alone", sos, other, false, false],
    ["replaces a case that is closed", sos, { ...other, state: "resolved" }, false, true],
    ["replaces a drill", sos, { ...other, drill: true }, false, true],
    ["a drill does not replace a drill", { ...sos, drill: true }, { ...other, drill: true }, false, false],
  ] as const)("%s", (_, incoming, open, isTyping, expected) =>
    expect(takesScreen(incoming, open, isTyping)).toBe(expected),
  );
});
