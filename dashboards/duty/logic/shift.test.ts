import { describe, expect, it } from "vitest";
import { fromInput, shiftAt, toInput } from "./shift";

const at = (text: string) => Date.parse(`${text}+07:00`);

describe("shiftAt", () => {
  it.each([
    ["2026-11-22T06:00:00", "2026-11-22T06:00", "2026-11-22T18:00"],
    ["2026-11-22T17:59:59", "2026-11-22T06:00", "2026-11-22T18:00"],
    ["2026-11-22T18:00:00", "2026-11-22T18:00", "2026-11-23T06:00"],
    ["2026-11-23T03:00:00", "2026-11-22T18:00", "2026-11-23T06:00"],
  ])("%s belongs to %s-%s", (now, from, to) => {
    const { fromMs, toMs } = shiftAt(at(now));
    expect([toInput(fromMs), toInput(toMs)]).toEqual([from, to]);
  });

  it("goes back whole shifts", () => {
    expect(toInput(shiftAt(at("2026-11-23T03:00:00"), -1).fromMs)).toBe("2026-11-22T06:00");
  });
});

describe("fromInput", () => {
  it("reads what toInput writes, and nothing else", () => {
    expect(fromInput(toInput(at("2026-02-28T23:45:00")))).toBe(at("2026-02-28T23:45:00"));
    expect(fromInput("")).toBeNull();
    expect(fromInput("2026-13-01T00:00")).toBeNull();
  });
});
