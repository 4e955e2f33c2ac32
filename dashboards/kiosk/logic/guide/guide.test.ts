import { describe, expect, it } from "vitest";
import { GUIDE_SCENES, VirtualGuide } from "../../../dev/mock/kiosk/guide";
import { MENU } from "../../../dev/mock/kiosk/services-catalogue";
import { GUIDE_EVENTS, GUIDE_TOPICS, type GuideTurn } from "../../api/guide";
import { speechUrl } from "../../api/client";
import { guideWords } from "../../words/guide/words";
import { hasOfficer, OFFICER } from "./menu";
import { spokenGuide } from "./speech";
import { faceOf, guideSentence, offers } from "./turns";

const scene = (name: string): GuideTurn => {
  const found = GUIDE_SCENES[name];
  if (!found) throw new Error(name);
  return found;
};
const FACES: Readonly<Record<string, string>> = {
  greeting: "type",
  choose: "choose",
  missed: "type",
  answer: "service",
  "no-answer": "service",
  track: "type",
  sos: "sos",
};

describe("a turn's face", () => {
  it("has one thing to do next", () => {
    for (const [name, face] of Object.entries(FACES)) expect(faceOf(scene(name)), name).toBe(face);
  });

  it("puts danger before everything that came along with it", () => {
    expect(faceOf({ ...scene("choose"), intents: [{ kind: "sos" }] })).toBe("sos");
  });

  it("offers a person where the guide does", () => {
    expect(offers(scene("missed-person"), "person")).toBe(true);
    expect(offers(scene("missed"), "person")).toBe(false);
  });
});

describe.each(["vi", "en"] as const)("the guide in %s", (code) => {
  it("has a calm sentence for every face", () => {
    for (const [name, turn] of Object.entries(GUIDE_SCENES)) {
      const { title, hint } = guideSentence(turn, code, guideWords[code]);
      expect(title, name).not.toBe("");
      expect(hint, name).not.toContain(title);
    }
  });

  it("says what it shows, in parts that the voice takes", () => {
    for (const [name, turn] of Object.entries(GUIDE_SCENES)) {
      const spoken = spokenGuide(turn, code);
      expect(spoken.length, name).toBeGreaterThan(0);
      for (const text of spoken)
        expect(new URLSearchParams(speechUrl(code, text).split("?")[1]).get("text"), name).toBe(text);
    }
  });

  it("tells the answer between the service and its own question, and no source aloud", () => {
    const turn = scene("answer");
    const spoken = spokenGuide(turn, code);
    expect(spoken[0]).toBe(`${turn.service?.name[code] ?? ""}.`);
    expect(spoken.slice(1, -1).join("")).toContain(turn.answer?.text[code].slice(0, 40));
    expect(spoken.at(-1)).toBe(turn.sentences[0]?.[code]);
    expect(spoken.join(" ")).not.toContain(turn.answer?.source);
  });

  it("reads what may be chosen", () => {
    const names = scene("choose").proposals.map(({ name }) => `${name[code]}.`);
    expect(spokenGuide(scene("choose"), code).slice(1)).toEqual(names);
  });
});

describe("the ways to a person", () => {
  it("lead to the officer only where the station offers it", () => {
    expect(hasOfficer(MENU)).toBe(true);
    expect(hasOfficer(null)).toBe(false);
    const needs = MENU.needs.map((group) => ({
      ...group,
      services: group.services.filter(({ id }) => id !== OFFICER),
    }));
    expect(hasOfficer({ needs })).toBe(false);
  });
});

describe("the invented guide", () => {
  const act = (guide: VirtualGuide, event: (typeof GUIDE_EVENTS)[number], more = {}): GuideTurn => {
    const answered = guide.act({ event, ...more });
    if (!("turn" in answered)) throw new Error(answered.refusal);
    return answered.turn;
  };

  it("leads from words over a question to a service, as the real one does", () => {
    const guide = new VirtualGuide();
    expect(act(guide, "say", { text: "Đóng tiền ĐIỆN" }).proposals[0]?.service).toBe("bill-electricity");
    expect(act(guide, "ask", { topic: "cost" }).proposals).toHaveLength(3);
    const told = act(guide, "choose", { service: "bill-electricity" });
    expect([told.answer?.topic, told.topics, told.intents]).toEqual(["cost", GUIDE_TOPICS, []]);
    const opened = act(guide, "choose", { service: "bill-electricity" });
    expect(opened.intents).toEqual([{ kind: "open", service: "bill-electricity" }]);
  });

  it("offers a person after the second miss, and begins anew when it is left", () => {
    const guide = new VirtualGuide();
    expect(act(guide, "say", { text: "bóng đá" }).intents).toEqual([]);
    expect(act(guide, "refuse").intents).toEqual([{ kind: "person" }]);
    act(guide, "leave");
    expect(act(guide, "say", { text: "bóng đá" }).intents).toEqual([]);
  });

  it("offers the button in danger, refuses when it is told to, and stands still in a scene", () => {
    const guide = new VirtualGuide();
    expect(act(guide, "say", { text: "cháy nhà rồi" }).intents).toEqual([{ kind: "sos" }]);
    guide.refusal = "not-ready";
    expect(guide.act({ event: "start" })).toEqual({ refusal: "not-ready" });
    guide.restart();
    guide.scene = "track";
    expect(act(guide, "refuse")).toEqual(scene("track"));
  });
});
