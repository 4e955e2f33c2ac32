import { describe, expect, it } from "vitest";
import { isNewlyUnanswered, isPressedAgain, soundFor, titleFor, unansweredSos } from "./alarm";
import { sampleCard } from "./sample";

const sos = sampleCard();
const drill = sampleCard({ id: "d", drill: true });
const taken = sampleCard({ id: "t", state: "acknowledged" });

describe("soundFor", () => {
  it.each([
    ["an unanswered SOS sounds", true, "live", [sos, drill], "sos"],
    ["also when the line is lost", true, "lost", [sos], "sos"],
    ["a lost line sounds by itself", true, "lost", [taken], "deaf"],
    ["a lost line is louder than a drill", true, "lost", [drill], "deaf"],
    ["a drill has its own sound", true, "live", [drill, taken], "drill"],
    ["what is answered is silent", true, "live", [taken], null],
    ["connecting is not lost", true, "connecting", [], null],
    ["nothing sounds while disarmed", false, "lost", [sos, drill], null],
  ] as const)("%s", (_, armed, link, cards, sound) => expect(soundFor({ armed, link, cards })).toBe(sound));
});

describe("unansweredSos", () => {
  it("leaves drills and answered cases out", () => {
    expect(unansweredSos([sos, drill, taken])).toEqual([sos]);
  });
});

describe("isPressedAgain", () => {
  it("is true for one more press on a case in hand only", () => {
    expect(isPressedAgain(taken, { ...taken, press_count: 2 })).toBe(true);
    expect(isPressedAgain(taken, taken)).toBe(false);
    expect(isPressedAgain(undefined, { ...taken, press_count: 2 })).toBe(false);
    expect(isPressedAgain(sos, { ...sos, press_count: 2 })).toBe(false);
    expect(isPressedAgain(taken, { ...taken, press_count: 2, state: "resolved" })).toBe(false);
  });
});

describe("isNewlyUnanswered", () => {
  it("is true for a new one and one that was opened again, not for one more press", () => {
    expect(isNewlyUnanswered(undefined, sos)).toBe(true);
    expect(isNewlyUnanswered({ ...sos, state: "resolved" }, sos)).toBe(true);
    expect(isNewlyUnanswered(sos, { ...sos, press_count: 2 })).toBe(false);
    expect(isNewlyUnanswered(undefined, taken)).toBe(false);
  });
});

describe("titleFor", () => {
  it("alternates while somebody waits", () => {
    expect(titleFor("Trực ban", "SOS", 2, 10)).toBe("(2) SOS");
    expect(titleFor("Trực ban", "SOS", 2, 11)).toBe("Trực ban");
    expect(titleFor("Trực ban", "SOS", 0, 10)).toBe("Trực ban");
  });
});
