import { describe, expect, it } from "vitest";
import { boardAge, clockTime, coarseAge, dayOf, hourOf, roundAge } from "./ages";

describe("boardAge", () => {
  it.each([
    [-400, "0:00"],
    [7_999, "0:07"],
    [761_000, "12:41"],
    [3_599_999, "59:59"],
    [3_909_000, "1:05:09"],
    [93_784_000, "26:03:04"],
  ])("%i ms is %s", (age, text) => expect(boardAge(age)).toBe(text));
});

describe("roundAge", () => {
  it.each([
    [-5, 0, "now"],
    [999, 0, "now"],
    [59_999, 59, "second"],
    [60_000, 1, "minute"],
    [7_200_000, 2, "hour"],
    [172_800_000, 2, "day"],
  ])("%i ms is %i %s", (age, count, unit) => expect(roundAge(age)).toEqual({ count, unit }));
});

describe("coarseAge", () => {
  it("does not count seconds", () => {
    expect(coarseAge(59_999)).toEqual({ count: 0, unit: "now" });
    expect(coarseAge(60_000)).toEqual({ count: 1, unit: "minute" });
  });
});

describe("wall-clock times", () => {
  const midnightInTheCity = Date.UTC(2026, 10, 21, 17, 0, 0);
  it("are the city's, whatever zone the workstation has", () => {
    expect(clockTime(midnightInTheCity)).toBe("00:00:00");
    expect(dayOf(midnightInTheCity)).toBe("22/11/2026");
    expect(hourOf(midnightInTheCity)).toBe(0);
    expect(hourOf(midnightInTheCity - 1)).toBe(23);
  });
});
