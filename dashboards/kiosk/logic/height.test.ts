import { describe, expect, it } from "vitest";
import { heightCm, keyOf, typed, type Key } from "./height";

const type = (...keys: Key[]) => keys.reduce(typed, "");

describe("typing a height", () => {
  it("takes up to three digits and one decimal", () => {
    expect(type("1", "6", "3")).toBe("163");
    expect(type("1", "6", "3", "5")).toBe("163");
    expect(type("1", "6", "3", ".", "5", "5")).toBe("163.5");
  });

  it("takes nothing that begins wrongly", () => {
    expect(type("0")).toBe("");
    expect(type(".")).toBe("");
    expect(type("1", ".", ".")).toBe("1.");
  });

  it("deletes, also from nothing", () => {
    expect(type("1", "6", "delete")).toBe("1");
    expect(type("delete")).toBe("");
  });

  it.each([
    ["", null],
    ["39", null],
    ["40", 40],
    ["163.", 163],
    ["163.5", 163.5],
    ["250", 250],
    ["250.1", null],
  ])("%s is %s cm", (text, value) => expect(heightCm(text)).toBe(value));

  it.each([
    ["7", "7"],
    [",", "."],
    ["Backspace", "delete"],
    ["delete", null],
    ["Enter", null],
    ["a", null],
  ])("the key %s is %s", (name, key) => expect(keyOf(name)).toBe(key));
});
