import {
  NEEDS,
  SERVICE_OUTCOMES,
  SERVICE_TROUBLES,
  type AnswerFault,
  type Json,
  type Receipt,
  type Resume,
  type RowCard,
  type ServicesAction,
  type ServicesView,
  type ServiceTrouble,
} from "../../../kiosk/api/services.ts";
import { CARD } from "./identity-scenes.ts";
import { questionCard, rowCards, type Answers } from "./services-asking.ts";
import { FOUND, FOUND_CHANGED, KEPT, KEPT_BY_CARD, RESUME } from "./services-drafts.ts";
import { KNOWN, type Asked, type Known } from "./services-catalogue.ts";

export const HOME: ServicesView = {
  version: 1,
  page: "home",
  actions: ["open", "choose", "resume"],
  need: null,
  service: null,
  question: null,
  rows: [],
  receipt: null,
  trouble: null,
  is_submitted: false,
  idle: null,
  outcome: null,
  resume: null,
  found: null,
  kept: null,
};

export const RECEIPT: Receipt = {
  tracking: "V68M-8BYZ-746J",
  word: "K7QM3V",
  at_ms: Date.UTC(2026, 10, 27, 2, 15),
  is_online: true,
  deadline_words: {
    vi: "Ba ngày làm việc kể từ khi nhận đủ hồ sơ hợp lệ.",
    en: "Three working days from when the complete dossier is received.",
  },
};

const known = (id: string): Known => KNOWN[id] as Known;
const RESIDENCE = known("temporary-residence");
const REPORT = known("report-civic");
const BILL = known("bill-electricity");
const CONTACT = known("contact-area-officer");

const LONG =
  "Căn hộ A12.05, tầng 12, Chung cư Bến Nước, số 25/14/7 đường Ven Sông nối dài, tổ dân phố 36, khu phố 4";
const GIVEN: Answers = {
  "card-number": CARD.number,
  "card-name": CARD.name,
  "card-birth": CARD.birth,
  "card-sex": CARD.sex,
  "card-nationality": CARD.nationality,
  "card-residence": CARD.residence,
  case: "new",
  address: { ward: "27097", street: LONG },
  since: "2026-11-01",
  months: 12,
  dwelling: "rent",
  "owner-name": "Trần Thị Bình",
  "owner-phone": null,
  "head-number": null,
  children: false,
  phone: "0903123456",
};

const page = (name: ServicesView["page"], actions: ServicesAction[], more: Partial<ServicesView> = {}) => ({
  ...HOME,
  page: name,
  actions,
  service: RESIDENCE.card,
  need: "home" as const,
  ...more,
});

interface Asking {
  readonly value?: Json;
  readonly fault?: AnswerFault;
  readonly more?: Partial<Asked>;
}

/** One question of a service, with what was answered or was wrong with it. */
function asking(service: Known, id: string, { value, fault, more = {} }: Asking = {}): ServicesView {
  const questions = service.questions.map((each) => (each.id === id ? { ...each, ...more, when: [] } : each));
  const answers = value === undefined ? {} : { [id]: value };
  const question = questionCard({ ...service, questions }, answers, {
    id,
    hasCard: false,
    fault: fault ?? null,
  });
  const skip: ServicesAction[] = question?.optional ? ["skip"] : [];
  const actions: ServicesAction[] =
    question?.type === "card"
      ? ["use-card", ...skip, "keep", "back", "end"]
      : ["answer", ...skip, "keep", "back", "end"];
  return page("question", actions, { question, service: service.card });
}

const resuming = (resume: Resume): ServicesView =>
  page(
    "resume",
    resume.seconds_left === null ? ["unlock", "choose", "back", "end"] : ["choose", "back", "end"],
    {
      service: null,
      need: null,
      resume,
    },
  );

const CHECKED: ServicesAction[] = ["change", "show", "hide", "submit", "keep", "back", "end"];
const seen: readonly RowCard[] = rowCards(RESIDENCE, GIVEN, Object.keys(GIVEN));
const withCard = { ...RESIDENCE.card, has_card_fields: true };

const AFTER: Record<ServiceTrouble, ServicesAction[]> = {
  full: ["submit", "keep", "back", "end"],
  "no-recipient": ["back", "end"],
  "no-room": ["keep", "back", "end"],
  "not-kept": ["keep", "back", "end"],
  "no-draft": ["start", "back", "end"],
  "draft-damaged": ["start", "back", "end"],
};

/** Every screen of the services, ready to be looked at: `/mock/kiosk/scene?value=services-...`. */
export const SERVICES_SCENES: Record<string, ServicesView> = {
  "services-home": HOME,
  ...Object.fromEntries(
    NEEDS.map((need) => [
      `services-group-${need}`,
      page("group", ["choose", "back", "end"], { need, service: null }),
    ]),
  ),
  "services-service": page("service", ["start", "use-card", "back", "end"]),
  "services-service-card-read": page("service", ["start", "back", "end"], { service: withCard }),
  "services-service-report": page("service", ["start", "back", "end"], { service: REPORT.card }),
  "services-service-warning": page("service", ["start", "back", "end"], { service: CONTACT.card }),
  "services-text": asking(RESIDENCE, "head-number"),
  "services-text-fault": asking(RESIDENCE, "head-number", { value: "07920300", fault: "no-match" }),
  "services-lines": asking(CONTACT, "message"),
  "services-name": asking(RESIDENCE, "owner-name", { value: "Trần Thị Bình" }),
  "services-phone": asking(CONTACT, "phone"),
  "services-phone-fault": asking(CONTACT, "phone", { value: "0903123", fault: "no-match" }),
  "services-day": asking(RESIDENCE, "since"),
  "services-day-fault": asking(RESIDENCE, "since", { value: "2027-11-01", fault: "future" }),
  "services-number": asking(RESIDENCE, "months"),
  "services-amount": asking(RESIDENCE, "months", {
    value: 75_000,
    more: {
      type: "amount",
      text: { vi: "Muốn trả bao nhiêu?", en: "How much do you want to pay?" },
      unit: null,
      highest: 50_000_000,
    },
  }),
  "services-choice": asking(RESIDENCE, "dwelling"),
  "services-choice-many": asking(REPORT, "category", { value: "noise" }),
  "services-yes-no": asking(RESIDENCE, "children"),
  "services-address": asking(RESIDENCE, "address"),
  "services-address-given": asking(RESIDENCE, "address", { value: GIVEN.address ?? null }),
  "services-place": asking(REPORT, "where"),
  "services-bill-code": asking(BILL, "customer"),
  "services-bill-code-fault": asking(BILL, "customer", { value: "PE0100", fault: "no-match" }),
  "services-card": asking(RESIDENCE, "card-number"),
  "services-card-optional": asking(RESIDENCE, "card-residence"),
  "services-photo": asking(REPORT, "since", { more: { type: "photo", options: [] } }),
  "services-check": page("check", CHECKED, { service: withCard, rows: rowCards(RESIDENCE, GIVEN, []) }),
  "services-check-shown": page("check", CHECKED, { service: withCard, rows: seen }),
  "services-sending": page("sending", []),
  "services-waiting": page("waiting", []),
  "services-keep": page("keep", ["keep-by-code", "keep-by-card", "back", "end"], { service: withCard }),
  "services-kept": page("kept", ["end"], { kept: KEPT }),
  "services-kept-by-card": page("kept", ["end"], { kept: KEPT_BY_CARD }),
  "services-resume": resuming(RESUME),
  "services-resume-fault": resuming({ ...RESUME, fault: "unknown" }),
  "services-resume-pause": resuming({ ...RESUME, fault: "unknown", seconds_left: 42 }),
  "services-found": page("found", ["start", "forget", "end"], { found: FOUND }),
  "services-found-changed": page("found", ["start", "forget", "end"], { found: FOUND_CHANGED }),
  "services-receipt": page("receipt", ["end"], { receipt: RECEIPT, is_submitted: true }),
  "services-receipt-bill": page("receipt", ["end"], {
    service: BILL.card,
    receipt: RECEIPT,
    is_submitted: true,
  }),
  "services-receipt-offline": page("receipt", ["end"], {
    service: REPORT.card,
    receipt: { ...RECEIPT, is_online: false, deadline_words: null },
    is_submitted: true,
  }),
  ...Object.fromEntries(
    SERVICE_TROUBLES.map((trouble) => [
      `services-trouble-${trouble}`,
      page("trouble", AFTER[trouble], { trouble }),
    ]),
  ),
  ...Object.fromEntries(
    SERVICE_OUTCOMES.map((outcome) => [
      `services-farewell-${outcome}`,
      page("farewell", [], { outcome, service: null, need: null, is_submitted: outcome === "finished" }),
    ]),
  ),
};
