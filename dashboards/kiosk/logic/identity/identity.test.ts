import { describe, expect, it } from "vitest";
import { CARD, CLOSED, IDENTITY_SCENES, PURPOSES } from "../../../dev/mock/kiosk/identity-scenes";
import {
  CARD_FAULTS,
  CARD_FIELDS,
  CLONE_CHECKS,
  GIVES,
  IDENTITY_PAGES,
  ISSUERS,
  OUTCOMES,
  READING_STEPS,
  STATION_FAULTS,
  type FieldView,
  type IdentityView,
  type PurposeView,
} from "../../api/identity";
import { speechUrl } from "../../api/client";
import { en } from "../../words/en";
import { vi } from "../../words/vi";
import { failureWords } from "../failures";
import { sentCount, takingOf } from "./fields";
import { consentPoints, purposeWords, recipientWords } from "./purposes";
import { hasLeft, identityKey, secondsLeft } from "./screens";
import { identitySentence } from "./sentences";
import { spokenIdentity } from "./speech";
import { stepsOf } from "./steps";

const scene = (name: string): IdentityView => {
  const found = IDENTITY_SCENES[`identity-${name}`];
  if (!found) throw new Error(name);
  return found;
};
const [HISTORY, RESIDENCE, CHECK] = PURPOSES as [PurposeView, PurposeView, PurposeView];

describe.each([
  ["vi", vi],
  ["en", en],
] as const)("the %s words of a card", (language, words) => {
  it("have a sentence for everything that the daemon can say", () => {
    const { identity } = words;
    for (const fault of [...CARD_FAULTS, ...STATION_FAULTS]) {
      expect(identity.trouble[fault].title, fault).not.toBe("");
      expect(identity.trouble[fault].next, fault).not.toBe("");
    }
    for (const field of CARD_FIELDS) expect(identity.field[field], field).not.toBe("");
    for (const step of READING_STEPS) expect(identity.reading.step[step], step).not.toBe("");
    for (const outcome of OUTCOMES) expect(identity.farewell.title[outcome], outcome).not.toBe("");
    for (const issuer of ISSUERS)
      for (const check of CLONE_CHECKS) expect(identity.proof[issuer][check], check).not.toBe("");
    for (const gives of GIVES) expect(identity.review.title[gives], gives).not.toBe("");
  });

  it("call a card genuine only when its issuer was checked", () => {
    const genuine = language === "vi" ? /thẻ thật/i : /genuine/i;
    for (const check of CLONE_CHECKS) {
      expect(words.identity.proof["not-checked"][check]).not.toMatch(genuine);
      expect(words.identity.proof.verified[check].match(genuine) !== null).toBe(check !== "not-supported");
    }
  });

  it("say on every screen what it is, fit for the voice, and nothing of the card", () => {
    for (const [name, view] of Object.entries(IDENTITY_SCENES)) {
      const spoken = spokenIdentity(view, words);
      expect(spoken.length, name).toBeGreaterThan(1);
      for (const text of spoken) {
        expect(text, name).not.toBe("");
        expect(new URLSearchParams(speechUrl(language, text).split("?")[1]).get("text"), name).toBe(text);
        for (const value of [CARD.name, CARD.number, CARD.birth, CARD.residence])
          expect(text, name).not.toContain(value);
      }
    }
  });

  it("name versions of both texts that the wire takes", () => {
    const { consent, review } = words.identity;
    const versions = [consent.version, review.version, review.prefillVersion];
    for (const version of versions) expect(version).toMatch(/^[a-z0-9][a-z0-9.-]{0,63}$/);
    expect(new Set(versions).size).toBe(versions.length);
  });
});

describe("every page of a card", () => {
  it("has a scene and a sentence", () => {
    for (const page of IDENTITY_PAGES) {
      const shown = Object.values(IDENTITY_SCENES).find((view) => view.page === page);
      expect(shown, page).toBeDefined();
      expect(identitySentence(shown ?? CLOSED, vi).title, page).not.toBe("");
    }
  });

  it("tells whoever forgot the card to take it, whatever the end was", () => {
    for (const outcome of OUTCOMES) {
      const left = { ...scene("farewell"), outcome, card_present: true };
      expect(identitySentence(left, vi).title).toBe(vi.identity.farewell.take);
    }
    expect(identitySentence(scene("farewell-timed-out"), vi).title).toBe("Đã hết thời gian chờ");
  });
});

describe("the consent", () => {
  it("names every field, who receives it and how long it stays", () => {
    const points = consentPoints(RESIDENCE, vi).map(({ text }) => text);
    expect(points[0]).toBe("Số căn cước, họ và tên, ngày sinh, giới tính, quốc tịch, nơi cư trú.");
    expect(points[2]).toContain("Công an phường");
    expect(points[3]).toContain("lấy thẻ ra");
    expect(consentPoints(CHECK, vi)[2]?.text).toContain("Không ai");
    expect(consentPoints(HISTORY, vi)[2]?.text).toContain("Chỉ một mã");
    expect(consentPoints({ ...RESIDENCE, gives: "prefill" }, vi)[2]?.text).toContain("Chưa ai nhận");
  });

  it("has words for a purpose and a recipient that are newer than the page", () => {
    const newer: PurposeView = { ...RESIDENCE, purpose: "constructor", recipient: "Sở Tư pháp" };
    expect(purposeWords(newer, vi)).toBe(vi.identity.purpose.other);
    expect(recipientWords(newer, vi)).toBe("Sở Tư pháp");
  });
});

describe("what leaves the station", () => {
  const row = (more: Partial<FieldView>): FieldView => ({
    field: "sex",
    value: null,
    is_shown: false,
    is_removed: false,
    is_needed: false,
    ...more,
  });

  it("counts neither what was taken out nor what is never sent", () => {
    const fields = [row({}), row({ field: "name", is_removed: true }), row({ field: "religion" })];
    expect(sentCount(fields)).toBe(1);
    expect(sentCount(scene("review").fields)).toBe(6);
    expect(sentCount(scene("review-shown").fields)).toBe(5);
  });

  it("lets out what is not needed and says why the rest stays", () => {
    const view = scene("review");
    expect(takingOf(row({}), view)).toBe("remove");
    expect(takingOf(row({ is_removed: true }), view)).toBe("restore");
    expect(takingOf(row({ is_needed: true }), view)).toBe("needed");
    expect(takingOf(row({ field: "religion" }), view)).toBe("only-shown");
    expect(takingOf(row({}), { ...view, actions: ["send"] })).toBe("none");
    expect(takingOf(row({}), scene("review-check"))).toBe("none");
    expect(takingOf(row({}), scene("review-prefill"))).toBe("remove");
  });
});

describe("the reading", () => {
  it("tells its steps in order, with a photo only where one is asked for", () => {
    const states = (view: IdentityView) => stepsOf(view).map(({ name, state }) => `${name} ${state}`);
    expect(states(scene("reading-photo"))).toEqual([
      "opening done",
      "reading done",
      "photo now",
      "proving later",
    ]);
    expect(states({ ...scene("reading-proving"), purpose: RESIDENCE })).toEqual([
      "opening done",
      "reading done",
      "proving now",
    ]);
    expect(stepsOf({ ...scene("reading-photo"), step: null })[0]?.state).toBe("now");
  });
});

describe("a card's screens", () => {
  it("are others by their page and trouble, and tell the daemon a page it takes", () => {
    const keys = Object.values(IDENTITY_SCENES).map(identityKey);
    expect(keys).toContain("identity-trouble wrong-key");
    expect(identityKey(scene("review"))).toBe(identityKey(scene("review-shown")));
    for (const key of keys) expect(key.split(" ")[0]).toMatch(/^[a-z0-9-]{0,20}$/);
  });

  it("greet anew after a farewell or a warning, and not whoever declined or is in the cabin", () => {
    expect(hasLeft(scene("farewell"), CLOSED, true)).toBe(true);
    expect(hasLeft({ ...scene("number"), idle: { seconds_left: 1 } }, CLOSED, true)).toBe(true);
    expect(hasLeft(scene("consent"), CLOSED, true)).toBe(false);
    expect(hasLeft(scene("farewell"), CLOSED, false)).toBe(false);
    expect(hasLeft(null, CLOSED, true)).toBe(false);
    expect(hasLeft(scene("farewell"), scene("purpose"), true)).toBe(false);
  });

  it("count a pause down to nothing and not below", () => {
    expect(secondsLeft(3_000, 0)).toBe(3);
    expect(secondsLeft(3_000, 2_001)).toBe(1);
    expect(secondsLeft(3_000, 9_000)).toBe(0);
  });
});

describe("a refusal", () => {
  it("says what can be done about it, and else that it was not possible", () => {
    const words = (reason: string) => failureWords({ failure: "refused", reason }, vi);
    expect(words("code")).toBe(vi.identity.refusal.code);
    expect(words("not-now")).toBe(vi.refused);
    expect(words("constructor")).toBe(vi.refused);
    expect(failureWords({ failure: "unanswered", reason: "code" }, vi)).toBe(vi.unanswered);
    expect(failureWords({ failure: null, reason: "code" }, vi)).toBe("");
  });
});
