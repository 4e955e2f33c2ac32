import { describe, expect, it } from "vitest";
import { CITY_WARDS } from "../../../dev/mock/kiosk/services-catalogue";
import { HOME, SERVICES_SCENES } from "../../../dev/mock/kiosk/services-scenes";
import { speechUrl } from "../../api/client";
import {
  ANSWER_FAULTS,
  SERVICES_PAGES,
  type QuestionCard,
  type QuestionType,
  type ServicesView,
} from "../../api/services";
import { en } from "../../words/en";
import { servicesWords } from "../../words/services/words";
import { vi } from "../../words/vi";
import { failureWords } from "../failures";
import {
  addressDraft,
  caseOf,
  digitsDraft,
  digitsRoom,
  groupedDigits,
  maxLength,
  placeNote,
  textDraft,
} from "./drafts";
import { hasLeftServices, isAtHome, servicesKey } from "./screens";
import { faultWords, servicesSentence, type Tongue } from "./sentences";
import { spokenServices } from "./speech";
import { SUBMIT_TEXT } from "./submitting";
import { spokenTracking, trackingGroups } from "./tracking";
import { folded, matchingWards } from "./wards";

const scene = (name: string): ServicesView => {
  const found = SERVICES_SCENES[`services-${name}`];
  if (!found) throw new Error(name);
  return found;
};
const VI: Tongue = { code: "vi", words: vi };
const EN: Tongue = { code: "en", words: en };
const asked = (name: string): QuestionCard => scene(name).question as QuestionCard;

describe("every screen of the services", () => {
  it("has a scene, and its sentence in both languages", () => {
    const pages = Object.values(SERVICES_SCENES).map(({ page }) => page);
    expect(new Set(pages)).toEqual(new Set(SERVICES_PAGES));
    for (const [name, view] of Object.entries(SERVICES_SCENES))
      for (const tongue of [VI, EN]) expect(servicesSentence(view, tongue).title, name).not.toBe("");
  });

  it("is another one when the question, the service or the trouble is, and not when an answer was wrong", () => {
    const keys = ["home", "group-home", "group-talk", "service", "service-report", "phone", "day", "check"];
    expect(new Set(keys.map((name) => servicesKey(scene(name)))).size).toBe(keys.length);
    expect(servicesKey(scene("phone"))).toBe(servicesKey(scene("phone-fault")));
    expect(servicesKey(scene("check"))).toBe(servicesKey(scene("check-shown")));
  });

  it("tells the daemon a page that it takes", () => {
    for (const view of Object.values(SERVICES_SCENES))
      expect(servicesKey(view).split(" ")[0]).toMatch(/^[a-z0-9-]{0,20}$/);
  });

  it("says what is wrong with an answer in the question's own words, else in the screen's", () => {
    expect(faultWords({ reason: "no-match", hint: { vi: "Mười hai số.", en: "Twelve." } }, "vi")).toBe(
      "Mười hai số.",
    );
    for (const reason of ANSWER_FAULTS)
      expect(faultWords({ reason, hint: null }, "en"), reason).toBe(servicesWords.en.fault.reason[reason]);
  });

  it("never says that anybody has received what only the station has", () => {
    for (const words of Object.values(servicesWords)) {
      const said = [words.receipt.online, words.receipt.offline, ...Object.values(words.receipt.title)];
      for (const text of said) {
        expect(text).not.toMatch(/đã nhận được|đã tiếp nhận|was received|have received|accepted/i);
        expect(text).toMatch(/trạm|station|here/i);
      }
    }
  });
});

describe("whoever comes next", () => {
  it("is greeted anew after a farewell, a warning or a receipt", () => {
    expect(hasLeftServices(scene("farewell-left"), HOME)).toBe(true);
    expect(hasLeftServices({ ...scene("phone"), idle: { seconds_left: 1 } }, HOME)).toBe(true);
    expect(hasLeftServices(scene("receipt"), HOME)).toBe(true);
  });

  it("is not taken for whoever only stepped back", () => {
    expect(hasLeftServices(scene("group-home"), HOME)).toBe(false);
    expect(hasLeftServices(null, HOME)).toBe(false);
    expect(hasLeftServices(HOME, HOME)).toBe(false);
    expect(hasLeftServices(scene("farewell-left"), scene("group-home"))).toBe(false);
    expect([isAtHome(null), isAtHome(HOME), isAtHome(scene("phone"))]).toEqual([true, true, false]);
  });
});

describe("the voice", () => {
  const everything = (tongue: Tongue, isAsked: boolean) =>
    Object.values(SERVICES_SCENES).flatMap((view) => spokenServices(view, tongue, isAsked));

  it("fits whole into the station's limit, in both languages", () => {
    for (const tongue of [VI, EN])
      for (const text of everything(tongue, true)) {
        expect(text.trim()).not.toBe("");
        expect(new URLSearchParams(speechUrl(tongue.code, text).split("?")[1]).get("text")).toBe(text);
      }
  });

  it("reads no answer aloud, asked or not", () => {
    const spoken = [...everything(VI, true), ...everything(EN, true)].join(" ");
    for (const value of ["Tôn Nữ", "079203001234", "0903", "Trần Thị", "Ven Sông nối dài", "PE0100"])
      expect(spoken).not.toContain(value);
  });

  it("reads the tracking code only when it is asked to, in groups", () => {
    const code = spokenTracking("V68M-8BYZ-746J");
    expect(code).toBe("V 6 8 M, 8 B Y Z, 7 4 6 J");
    expect(spokenServices(scene("receipt"), VI, false).join(" ")).not.toContain(code);
    expect(spokenServices(scene("receipt"), VI, true).join(" ")).toContain(code);
  });

  it("reads a question, what was wrong and every choice", () => {
    expect(spokenServices(scene("choice"), VI, false)).toHaveLength(5);
    expect(spokenServices(scene("yes-no"), VI, false).slice(-2)).toEqual(["Có", "Không"]);
    expect(spokenServices(scene("phone-fault"), VI, false)).toContain(servicesWords.vi.fault.title);
    const question = { ...asked("phone"), spoken: { vi: "Đọc khác", en: "Read so" } };
    expect(spokenServices({ ...scene("phone"), question }, EN, false)[0]).toBe("Read so");
  });

  it("says that nothing is submitted yet, and whether the line is up", () => {
    expect(spokenServices(scene("check"), VI, false)).toContain("CHƯA NỘP");
    expect(spokenServices(scene("receipt-offline"), VI, false)).toContain(servicesWords.vi.receipt.offline);
    expect(spokenServices(scene("home"), VI, false)).toHaveLength(10);
  });
});

describe("a tracking code", () => {
  it("stands in groups that an eye can hold", () => {
    expect(trackingGroups("V68M-8BYZ-746J")).toEqual(["V68M", "8BYZ", "746J"]);
    expect(trackingGroups("A101-261127-0042")).toEqual(["A101", "261", "127", "0042"]);
    expect(trackingGroups("ABCDEFGHI")).toEqual(["ABC", "DEF", "GHI"]);
    expect(trackingGroups("")).toEqual([]);
  });
});

describe("the list of wards", () => {
  const names = (typed: string, most = 6) => matchingWards(CITY_WARDS, typed, most).map(({ name }) => name);

  it("is found without marks, without capitals and without the word for a ward", () => {
    expect(names("binh tr")).toEqual(["Phường Bình Trưng"]);
    expect(names("Phường Bình Trưng")).toEqual(["Phường Bình Trưng"]);
    expect(names("phuong binh t")).toContain("Phường Bình Trưng");
    expect(names("con dao")).toEqual(["Đặc khu Côn Đảo"]);
    expect(folded(" Đặc khu Côn Đảo ")).toBe("dac khu con dao");
  });

  it("puts names that begin so before those that only hold it, and shows no more than there is room for", () => {
    expect(names("thanh")[0]).toBe("Phường Thạnh Mỹ Tây");
    expect(names("thanh")).toContain("Phường Bến Thành");
    expect(names("")).toHaveLength(6);
    expect(names("zzz")).toEqual([]);
  });
});

describe("a draft", () => {
  const question = (type: QuestionType, more: Partial<QuestionCard> = {}): QuestionCard => ({
    ...asked("phone"),
    type,
    ...more,
  });

  it("begins from the present answer", () => {
    expect(digitsDraft(question("day", { value: "2026-11-22" }))).toBe("22112026");
    expect(digitsDraft(question("phone", { value: "+84903123456" }))).toBe("0903123456");
    expect(digitsDraft(question("number", { value: 12 }))).toBe("12");
    expect(digitsDraft(question("number", { value: null }))).toBe("");
    expect([textDraft("a"), textDraft(null), textDraft({ ward: "1" })]).toEqual(["a", "", ""]);
    expect(addressDraft({ ward: "27097", street: "25 Ven Sông" })).toEqual({
      ward: "27097",
      street: "25 Ven Sông",
    });
    expect([addressDraft(null), addressDraft(["x"])]).toEqual(Array(2).fill({ ward: "", street: "" }));
    expect([placeNote(null), placeNote({ at: "station" })]).toEqual([null, ""]);
    expect(placeNote({ at: "station", note: "cạnh cổng" })).toBe("cạnh cổng");
  });

  it("has room for the longest answer that can be right", () => {
    expect(digitsRoom(question("number", { highest: 24 }))).toBe(2);
    expect(digitsRoom(question("phone"))).toBe(11);
    expect(maxLength(question("text", { max_length: 12 }))).toBe(12);
    expect(maxLength(question("name"))).toBe(100);
    expect([caseOf(question("name")), caseOf(question("bill-code")), caseOf(question("text"))]).toEqual([
      "names",
      "capitals",
      "sentences",
    ]);
  });

  it("is written as people write numbers", () => {
    expect(groupedDigits("phone", "0903123456", ".")).toBe("0903 123 456");
    expect(groupedDigits("phone", "09", ".")).toBe("09");
    expect(groupedDigits("amount", "75000", ".")).toBe("75.000");
    expect(groupedDigits("amount", "1250000", ",")).toBe("1,250,000");
    expect(groupedDigits("number", "12", ".")).toBe("12");
  });
});

describe("submitting", () => {
  it("names the version of the text that was agreed to, as the wire takes it", () => {
    expect(SUBMIT_TEXT).toMatch(/^[a-z0-9][a-z0-9.-]{0,63}$/);
  });

  it("tells why an order was refused where there is something to do about it", () => {
    const said = (reason: string) => failureWords({ failure: "refused", reason }, vi);
    expect(said("service")).toBe(vi.services.refusal.service);
    expect(said("need")).toBe(vi.services.refusal.need);
    expect(said("question")).toBe(vi.refused);
  });
});
