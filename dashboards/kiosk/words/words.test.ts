import { describe, expect, it } from "vitest";
import { ACTIONS, FLAGS, READINESSES, SOS_STAGES, TROUBLES, VITAL_KINDS } from "../api/types";
import { speechUrl } from "../api/client";
import { holdTogether, leaves } from "../../dev/catalogues";
import { SCENES } from "../../dev/mock/kiosk/scenes";
import { spokenAtOnce, spokenOnDemand } from "../logic/speech";
import { en } from "./en";
import { en as guideEn } from "./guide/en";
import { vi as guideVi } from "./guide/vi";
import { en as payingEn } from "./paying/en";
import { vi as payingVi } from "./paying/vi";
import { en as draftsEn } from "./services/drafts-en";
import { vi as draftsVi } from "./services/drafts-vi";
import { en as papersEn } from "./services/papers-en";
import { vi as papersVi } from "./services/papers-vi";
import { en as servicesEn } from "./services/en";
import { vi as servicesVi } from "./services/vi";
import { vi } from "./vi";
import { en as serviceEn } from "../../service/words/en";
import { vi as serviceVi } from "../../service/words/vi";

/** A unit that is better not said. */
const SILENT = /^spokenUnit\.kg\/m2$/;
/** Words that are rightly the same in both: units, names of payment services, the call for help itself, and the names of texts agreed to. */
const SAME =
  /^(?:unit\.|provider\.vnpay$|spokenUnit\.|sos\.name$|overlay\.sos$|identity\.(?:consent|review)\.(?:version|prefillVersion)$)/;

describe.each([
  ["kiosk", vi, en],
  ["services", servicesVi, servicesEn],
  ["drafts", draftsVi, draftsEn],
  ["guide", guideVi, guideEn],
  ["paying", payingVi, payingEn],
  ["papers", papersVi, papersEn],
  ["service", serviceVi, serviceEn],
])("the %s catalogues", (_, original, other) => holdTogether(original, other, SAME, SILENT));

describe.each([
  ["vi", vi],
  ["en", en],
] as const)("the %s words", (language, words) => {
  it("have a sentence for everything that the daemon can say", () => {
    for (const kind of VITAL_KINDS) {
      expect(words.kind[kind], kind).not.toBe("");
      expect(words.prepare[kind].steps, kind).toHaveLength(3);
    }
    for (const trouble of TROUBLES) {
      expect(words.trouble[trouble].title, trouble).not.toBe("");
      expect(words.trouble[trouble].next, trouble).not.toBe("");
    }
    for (const flag of FLAGS) expect(words.flag[flag], flag).not.toBe("");
    for (const stage of SOS_STAGES) expect(words.sosStage[stage].title, stage).not.toBe("");
    for (const readiness of READINESSES) expect(words.readiness[readiness], readiness).not.toBe("");
    for (const action of ACTIONS) expect(words.action[action], action).not.toBe("");
  });

  it("call nobody at fault and nobody ill", () => {
    const blaming =
      /lỗi của|sai cách|làm sai|bệnh|cao huyết áp|your fault|you failed|wrong(?!-)|disease|hypertension/i;
    const later = language === "vi" ? [servicesVi, guideVi] : [servicesEn, guideEn];
    for (const [path, leaf] of [words, ...later].flatMap((each) => leaves(each)))
      expect(leaf.toString(), path).not.toMatch(blaming);
  });

  it("name a version of the consent that the wire takes", () => {
    expect(words.consent.version).toMatch(/^[a-z0-9][a-z0-9.-]{0,63}$/);
  });

  it("fit into the voice's limit on every screen, whole", () => {
    for (const [name, view] of Object.entries(SCENES)) {
      const spoken = [...spokenAtOnce(view, words), ...spokenOnDemand(view, words, language)];
      expect(spoken.length, name).toBeGreaterThan(1);
      for (const text of spoken)
        expect(new URLSearchParams(speechUrl(language, text).split("?")[1]).get("text"), name).toBe(text);
    }
  });
});
