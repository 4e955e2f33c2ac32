import { describe, expect, it } from "vitest";
import { EMPTY, SCENES, SHEET } from "../../dev/mock/kiosk/scenes";
import type { View } from "../api/types";
import { en } from "../words/en";
import { vi } from "../words/vi";
import { keptState } from "./kept";
import { missingWords } from "./missing";
import { newest, screenKey } from "./newest";
import { isSomebodyNew } from "./privacy";
import { sentenceOf } from "./sentences";
import { spokenAtOnce, spokenOnDemand } from "./speech";

const scene = (name: string): View => SCENES[name] ?? EMPTY;

describe("every screen", () => {
  it.each(Object.entries(SCENES))("%s has its sentence in both languages", (_, view) => {
    for (const words of [vi, en]) {
      const { title, hint } = sentenceOf(view, words);
      expect(title).not.toBe("");
      expect(hint).not.toBe("");
    }
  });

  it("is another one when the step, the phase, the reading or the trouble is", () => {
    const keys = ["choose", "consent", "measuring-cuff", "rest", "trouble-motion", "trouble-broken", "sheet"];
    expect(new Set(keys.map((name) => screenKey(scene(name)))).size).toBe(keys.length);
    const [weak, wave] = [scene("measuring-weak"), scene("measuring-wave")];
    expect(screenKey(weak)).toBe(screenKey(wave));
  });

  it("asks nobody to sit who stands below the rod or on the scale", () => {
    const title = (name: string) => sentenceOf(scene(name), vi).title;
    expect(title("measuring-ring")).toBe(vi.measuring.standing);
    expect(title("measuring-cuff")).toBe(vi.measuring.title);
  });

  it("with nothing measured says so", () => {
    expect(sentenceOf(scene("sheet-empty"), vi).title).toBe(vi.sheet.none);
    expect(sentenceOf(scene("choose-none"), vi).title).toBe(vi.choose.nothing);
  });
});

describe("the voice", () => {
  it("reads no value aloud unless it is asked to", () => {
    for (const name of ["result", "sheet", "sheet-high"]) {
      expect(spokenAtOnce(scene(name), vi).join(" "), name).not.toMatch(/\d/);
      expect(spokenOnDemand(scene(name), vi, "vi").join(" "), name).toMatch(/\d/);
    }
    expect(spokenOnDemand(scene("result"), vi, "vi")[1]).toBe(
      "Huyết áp: 128 trên 82 mi li mét thủy ngân. Mạch: 74 lần một phút.",
    );
  });

  it("reads every step of the preparation and every answer to the consent", () => {
    expect(spokenAtOnce(scene("prepare-oxygen"), vi)).toHaveLength(4);
    expect(spokenAtOnce(scene("consent"), en)).toHaveLength(4);
  });

  it("offers help aloud when a doctor should look soon", () => {
    expect(spokenOnDemand(scene("sheet-high"), vi, "vi")).toContain(vi.sheet.highText);
  });
});

describe("newest", () => {
  it("takes an answer only when the stream has not been faster", () => {
    const shown = { ...EMPTY, version: 6 };
    expect(newest(shown, { ...EMPTY, version: 5 })).toBe(shown);
    expect(newest(shown, { ...EMPTY, version: 7 }).version).toBe(7);
    expect(newest(null, EMPTY)).toBe(EMPTY);
  });
});

describe("isSomebodyNew", () => {
  it("greets anew after a session, however it ended", () => {
    for (const name of ["farewell", "sheet", "idle", "result"])
      expect(isSomebodyNew(scene(name), EMPTY), name).toBe(true);
    expect(isSomebodyNew({ ...scene("consent"), idle: { seconds_left: 1 } }, EMPTY)).toBe(true);
  });

  it("knows who only went back, and who is still there", () => {
    expect(isSomebodyNew(scene("consent"), EMPTY)).toBe(false);
    expect(isSomebodyNew(EMPTY, EMPTY)).toBe(false);
    expect(isSomebodyNew(null, EMPTY)).toBe(false);
    expect(isSomebodyNew(scene("sheet"), scene("farewell"))).toBe(false);
  });
});

describe("what is said of the keeping", () => {
  it("promises only what the disk has", () => {
    const view = { ...scene("sheet"), consent: "keep" as const };
    expect(keptState(view, { ...SHEET, kept: "keep" })).toBe("keep");
    expect(keptState(view, { ...SHEET, kept: null })).toBe("saving");
    expect(keptState(view, { ...SHEET, kept: null, trouble: "not-recorded" })).toBe("failed");
    expect(keptState(view, { ...SHEET, is_withdrawn: true })).toBe("withdrawn");
    expect(keptState({ ...view, consent: null }, { ...SHEET, kept: null })).toBe("none");
    expect(keptState(view, { ...SHEET, kept: null, rows: [] })).toBe("none");
  });
});

describe("missingWords", () => {
  it("names what it knows and sums up the rest", () => {
    expect(missingWords(["respiration-rate", "consciousness"], vi)).toBe("nhịp thở, tri giác");
    expect(missingWords(["new-one", "newer-one"], en)).toBe("others");
  });
});
