import { describe, expect, it } from "vitest";
import { durationText, seconds, share } from "./figures";

describe("seconds", () => {
  it.each([
    [0, "vi-VN", "< 0,01"],
    [9, "en-GB", "< 0.01"],
    [10, "vi-VN", "0,01"],
    [24, "vi-VN", "0,02"],
    [4_350, "vi-VN", "4,35"],
    [9_999, "en-GB", "10.00"],
    [31_200, "vi-VN", "31"],
    [1_240_000, "vi-VN", "1.240"],
  ])("%i ms in %s is %s", (ms, locale, text) => expect(seconds(ms, locale)).toBe(text));
});

describe("durationText", () => {
  const text = (ms: number) => durationText(ms, "vi-VN", (figure) => `${figure} giây`);
  it("says seconds while they are few, then minutes", () => {
    expect(text(178)).toBe("0,18 giây");
    expect(text(119_999)).toBe("120 giây");
    expect(text(412_000)).toBe("6:52");
  });
});

describe("share", () => {
  it("is a whole per cent, and nothing of nothing is not zero", () => {
    expect(share(2, 3)).toBe(67);
    expect(share(0, 5)).toBe(0);
    expect(share(0, 0)).toBeNull();
  });
});
