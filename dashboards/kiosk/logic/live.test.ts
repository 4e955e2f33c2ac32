import { describe, expect, it } from "vitest";
import { stepOf } from "../../dev/mock/kiosk/scenes";
import { countdownFraction, livePicture, pressureFraction, signalLevel } from "./live";

describe("signalLevel", () => {
  it.each([
    [null, "unknown"],
    [0, "weak"],
    [0.32, "weak"],
    [0.33, "fair"],
    [0.66, "good"],
    [1, "good"],
  ] as const)("%s is %s", (signal, level) => expect(signalLevel(signal)).toBe(level));
});

describe("the bars and rings", () => {
  it("never leave their frame", () => {
    expect(pressureFraction(-3)).toBe(0);
    expect(pressureFraction(100)).toBe(0.5);
    expect(pressureFraction(320)).toBe(1);
    expect(countdownFraction(30)).toBe(0.5);
    expect(countdownFraction(300)).toBe(1);
  });

  it("show what is worth watching", () => {
    const live = { values: {}, signal: null, progress: 0.5, flags: [] };
    expect(livePicture(stepOf("blood-pressure", "measuring"))).toBe("cuff");
    expect(livePicture(stepOf("oxygen", "measuring"))).toBe("wave");
    expect(livePicture(stepOf("weight", "measuring", { live }))).toBe("ring");
    expect(livePicture(stepOf("weight", "measuring", { live: { ...live, progress: null } }))).toBe("still");
    expect(livePicture(stepOf("temperature", "measuring"))).toBe("still");
  });
});
