import {
  CARD_FAULTS,
  READING_STEPS,
  STATION_FAULTS,
  type CardField,
  type FieldView,
  type IdentityAction,
  type IdentityFault,
  type IdentityView,
  type PurposeView,
} from "../../../kiosk/api/identity.ts";

/** What an invented citizen's invented card says, as long as names and addresses get. */
export const CARD: Record<CardField, string> = {
  number: "079203001234",
  name: "Công Tằng Tôn Nữ Thị Phương Thảo",
  birth: "05/03/2003",
  sex: "Nữ",
  nationality: "Việt Nam",
  ethnicity: "Kinh",
  religion: "Không",
  origin: "Xã Bình Khánh, huyện Cần Giờ, Thành phố Hồ Chí Minh",
  residence:
    "Căn hộ A12.05, tầng 12, Chung cư Bến Nước, số 25/14/7 đường Ven Sông nối dài, tổ dân phố 36, khu phố 4, Phường Bình Trưng, Thành phố Hồ Chí Minh, Việt Nam",
  marks: "Sẹo chấm cách đuôi mắt trái 1,5 cm",
  issued: "12/05/2021",
  expires: "05/03/2028",
  parents: "NGUYỄN VĂN AN; TRẦN THỊ BÌNH",
  spouse: "",
  "old-number": "",
  "card-id": "0123456789ABCDEF",
  photo: "",
};

export const PURPOSES: PurposeView[] = [
  { purpose: "cabin-history", gives: "pseudonym", fields: ["number"], recipient: "" },
  {
    purpose: "temporary-residence",
    gives: "sealed",
    fields: ["number", "name", "birth", "sex", "nationality", "residence"],
    recipient: "ward-police",
  },
  {
    purpose: "card-check",
    gives: "nothing",
    fields: [
      "number",
      "name",
      "birth",
      "sex",
      "nationality",
      "origin",
      "residence",
      "issued",
      "expires",
      "photo",
    ],
    recipient: "",
  },
];
/** What a service that is being filled in takes of the card. */
export const PREFILL: PurposeView = {
  purpose: "temporary-residence",
  gives: "prefill",
  fields: ["number", "name", "birth", "sex", "nationality", "residence"],
  recipient: "ward-police",
};
const NEEDED: readonly CardField[] = ["number", "name", "birth"];
const [HISTORY, RESIDENCE, CHECK] = PURPOSES as [PurposeView, PurposeView, PurposeView];

export const CLOSED: IdentityView = {
  version: 1,
  page: "none",
  actions: ["open"],
  purposes: PURPOSES,
  purpose: null,
  card_present: false,
  reader_ok: true,
  is_misread: false,
  step: null,
  trouble: null,
  fields: [],
  has_photo: false,
  proof: null,
  idle: null,
  outcome: null,
};

/** The photo is no row: it has an address of its own. */
export const fieldsOf = ({ fields }: PurposeView): FieldView[] =>
  fields
    .filter((field) => field !== "photo")
    .map((field) => ({
      field,
      value: null,
      is_shown: false,
      is_removed: false,
      is_needed: NEEDED.includes(field),
    }));

export const shown = (row: FieldView): FieldView => ({
  ...row,
  value: CARD[row.field],
  is_shown: true,
});

/** What the daemon accepts on a page. */
export const ACTIONS_OF: Record<IdentityView["page"], IdentityAction[]> = {
  none: ["open"],
  purpose: ["choose", "back", "end"],
  consent: ["agree", "back", "end"],
  number: ["number", "scan", "to-dates", "back", "end"],
  dates: ["dates", "scan", "back", "end"],
  card: ["scan", "back", "end"],
  reading: ["end"],
  trouble: ["retry", "end"],
  review: ["show", "hide", "remove", "restore", "send", "end"],
  sending: [],
  done: ["end"],
  farewell: ["open"],
};

const page = (name: IdentityView["page"], more: Partial<IdentityView> = {}): IdentityView => ({
  ...CLOSED,
  page: name,
  actions: ACTIONS_OF[name],
  purpose: name === "purpose" ? null : RESIDENCE,
  ...more,
});

const PROVEN = { issuer: "verified", clone_check: "chip-authentication" } as const;

export const reviewOf = (purpose: PurposeView, more: Partial<IdentityView> = {}): IdentityView =>
  page("review", {
    purpose,
    actions: givesFields(purpose) ? ACTIONS_OF.review : ["show", "hide", "end", ...sends(purpose)],
    fields: fieldsOf(purpose),
    card_present: true,
    has_photo: purpose.fields.includes("photo"),
    proof: PROVEN,
    ...more,
  });
const givesFields = ({ gives }: PurposeView) => gives === "sealed" || gives === "prefill";
const sends = ({ gives }: PurposeView): IdentityAction[] => (gives === "nothing" ? [] : ["send"]);

/** Faults after which another try makes no sense. */
const FINAL: readonly IdentityFault[] = ["blocked", "too-late"];
const WITH_DATES: readonly IdentityFault[] = ["wrong-key", "blocked"];

function troubleActions(fault: IdentityFault, waitS: number): IdentityAction[] {
  if (waitS > 0) return ["end"];
  const retry: IdentityAction[] = FINAL.includes(fault) ? [] : ["retry"];
  return WITH_DATES.includes(fault) ? ["to-dates", ...retry, "end"] : [...retry, "end"];
}

export const troubleOf = (fault: IdentityFault, waitS = 0): IdentityView =>
  page("trouble", {
    trouble: { fault, tries_left: 2, wait_s: waitS },
    card_present: fault !== "gone",
    reader_ok: fault !== "no-reader",
    actions: troubleActions(fault, waitS),
  });

const someRemoved = (row: FieldView): FieldView =>
  row.is_needed || row.field !== "sex" ? row : { ...row, is_removed: true };

/** Every screen of a card, ready to be looked at: `/mock/kiosk/scene?value=identity-...`. */
export const IDENTITY_SCENES: Record<string, IdentityView> = {
  "identity-none": CLOSED,
  "identity-purpose": page("purpose"),
  "identity-consent": page("consent"),
  "identity-consent-prefill": page("consent", { purpose: PREFILL }),
  "identity-consent-check": page("consent", { purpose: CHECK }),
  "identity-consent-history": page("consent", { purpose: HISTORY }),
  "identity-number": page("number"),
  "identity-number-misread": page("number", { is_misread: true }),
  "identity-dates": page("dates"),
  "identity-card": page("card"),
  "identity-card-no-reader": page("card", { reader_ok: false }),
  ...Object.fromEntries(
    READING_STEPS.map((name) => [
      `identity-reading-${name}`,
      page("reading", { purpose: CHECK, step: { name }, card_present: true }),
    ]),
  ),
  ...Object.fromEntries(
    [...CARD_FAULTS, ...STATION_FAULTS].map((fault) => [
      `identity-trouble-${fault}`,
      troubleOf(fault, fault === "busy" ? 45 : 0),
    ]),
  ),
  "identity-review": reviewOf(RESIDENCE),
  "identity-review-shown": reviewOf(RESIDENCE, { fields: fieldsOf(RESIDENCE).map(shown).map(someRemoved) }),
  "identity-review-prefill": reviewOf(PREFILL),
  "identity-review-check": reviewOf(CHECK),
  "identity-review-check-shown": reviewOf(CHECK, { fields: fieldsOf(CHECK).map(shown) }),
  "identity-review-history": reviewOf(HISTORY),
  "identity-review-not-checked": reviewOf(CHECK, {
    proof: { issuer: "not-checked", clone_check: "not-supported" },
  }),
  "identity-sending": page("sending", { card_present: true }),
  "identity-sending-prefill": page("sending", { purpose: PREFILL, card_present: true }),
  "identity-done": page("done", { card_present: true }),
  "identity-done-history": page("done", { purpose: HISTORY, card_present: true }),
  "identity-farewell": page("farewell", { outcome: "finished", card_present: true }),
  "identity-farewell-removed": page("farewell", { outcome: "card-removed" }),
  "identity-farewell-timed-out": page("farewell", { outcome: "timed-out" }),
};
