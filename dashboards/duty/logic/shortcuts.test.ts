import { describe, expect, it } from "vitest";
import { commandFor, KEYS, type Stroke } from "./shortcuts";

const stroke = (key: string, changes: Partial<Stroke> = {}): Stroke => ({
  key,
  code: "",
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  isComposing: false,
  repeat: false,
  ...changes,
});

describe("commandFor", () => {
  it.each([
    ["a", "acknowledge"],
    ["A", "acknowledge"],
    ["?", "help"],
    ["Escape", "back"],
    ["x", null],
    ["Enter", null],
  ] as const)("%s is %s", (key, command) => expect(commandFor(stroke(key), false, true)).toBe(command));

  it("leaves letters to somebody who types, but Escape still leaves the field", () => {
    expect(commandFor(stroke("a"), true, true)).toBeNull();
    expect(commandFor(stroke("Escape"), true, true)).toBe("back");
  });

  it("does nothing with Ctrl, Alt or Meta: those are the browser's", () => {
    for (const key of ["ctrlKey", "altKey", "metaKey"] as const)
      expect(commandFor(stroke("r", { [key]: true }), false, true)).toBeNull();
  });

  it("does not act again while a key is held down, but goes on walking the list", () => {
    expect(commandFor(stroke("a", { repeat: true }), false, true)).toBeNull();
    expect(commandFor(stroke("j", { repeat: true }), false, true)).toBe("next");
  });

  it("knows the letter behind a Vietnamese input method", () => {
    expect(commandFor(stroke("Process", { code: "KeyD" }), false, true)).toBe("dispatch");
    expect(commandFor(stroke("Process", { code: "KeyD", isComposing: true }), false, true)).toBeNull();
  });

  it("can be switched off, Escape excepted", () => {
    expect(commandFor(stroke("a"), false, false)).toBeNull();
    expect(commandFor(stroke("Escape"), false, false)).toBe("back");
  });

  it("has one command to a key", () => {
    expect(new Set(KEYS.map(([key]) => key)).size).toBe(KEYS.length);
  });
});
