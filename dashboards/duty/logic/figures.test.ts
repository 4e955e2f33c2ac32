import { describe, expect, it } from "vitest";
import { minutes, seconds, share } from "./figures";

describe("seconds", () => {
  it.each([
    [24, "vi-VN", "0,02"],
    [4_350, "vi-VN", "4,35"],
    [9_999, "en-GB", "10.00"],
    [31_200, "vi-VN", "31"],
    [1_240_000, "vi-VN", "1.240"],
  ])("%i ms in %s is %s", (ms, locale, text) => expect(seconds(ms, locale)).toBe(text));
});

describe("minutes", () => {
  it("rounds to whole seconds first, so that no minute has sixty", () => {
    expect(minutes(119_600)).toEqual({ minutes: 2, seconds: 0 });
    expect(minutes(312_000)).toEqual({ minutes: 5, seconds: 12 });
  });
});

describe("share", () => {
  it("is a whole per cent, and nothing of nothing is not zero", () => {
    expect(share(2, 3)).toBe(67);
    expect(share(0, 5)).toBe(0);
    expect(share(0, 0)).toBeNull();
  });
});
