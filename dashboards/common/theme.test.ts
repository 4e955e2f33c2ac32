import { describe, expect, it } from "vitest";
import { nextChoice, themeFor } from "./theme";

describe("themeFor", () => {
  it.each([
    [5, "night"],
    [6, "day"],
    [17, "day"],
    [18, "night"],
    [0, "night"],
  ] as const)("by itself it is, at %i o'clock, %s", (hour, theme) =>
    expect(themeFor("auto", hour)).toBe(theme),
  );

  it("obeys a choice at any hour", () => {
    expect(themeFor("day", 3)).toBe("day");
    expect(themeFor("night", 12)).toBe("night");
  });

  it("comes back to where it was after three switches", () => {
    expect(nextChoice[nextChoice[nextChoice.auto]]).toBe("auto");
  });
});
