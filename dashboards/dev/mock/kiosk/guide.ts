import type { GuideChoice, GuideOrder, GuideTurn } from "../../../kiosk/api/guide.ts";
import { GUIDE_TOPICS } from "../../../kiosk/api/guide.ts";
import type { Told } from "../../../kiosk/api/services.ts";
import { KNOWN, MENU } from "./services-catalogue.ts";

const ENTRIES = MENU.needs.flatMap(({ services }) => services);
const TRACK: Told = { vi: "Xem hồ sơ đã nộp tới đâu", en: "See how far a request is" };

/** What the station says (edge/guide/sentences.py). */
const SAID = {
  greeting: { vi: "Xin chào! Ông/bà cần làm việc gì?", en: "Hello! What would you like to do?" },
  canDo: {
    vi: "Hãy gõ như nói chuyện bình thường, có dấu hay không dấu đều được. Trạm này có 24 việc, ví dụ: “Trả tiền điện”, “Đăng ký khai sinh”, “Đăng ký tạm trú”.",
    en: "Type it in your own words. This station offers 24 services, for example: “Pay the electricity bill”, “Register a birth”, “Register temporary residence”.",
  },
  confirm: { vi: "Có phải ông/bà muốn:", en: "Would you like to:" },
  which: { vi: "Hãy chọn một trong các việc này.", en: "Please choose one of these." },
  otherwise: { vi: "Vậy xin viết lại bằng cách khác.", en: "Then please put it in another way." },
  examples: {
    vi: "Ví dụ: “Trả tiền điện”, “Đăng ký khai sinh”, “Đăng ký tạm trú”.",
    en: "For example: “Pay the electricity bill”, “Register a birth”, “Register temporary residence”.",
  },
  missed: {
    vi: "Xin lỗi, trạm chưa hiểu, hoặc trạm không có việc này.",
    en: "Sorry, this was not understood, or this station does not offer it.",
  },
  begin: { vi: "Ông/bà có muốn bắt đầu không?", en: "Would you like to begin?" },
  noAnswer: {
    vi: "Trạm chưa có câu trả lời đã được duyệt cho câu hỏi này.",
    en: "There is no reviewed answer to this question yet.",
  },
  person: {
    vi: "Có thể hỏi người phụ trách: chọn “Gặp người hỗ trợ”.",
    en: "A person can help you: choose “Talk to a person”.",
  },
  track: {
    vi: "Trạm này chưa tra cứu được hồ sơ. Xin giữ mã tra cứu trên biên nhận và hỏi nơi giải quyết.",
    en: "This station cannot look up requests yet. Please keep the tracking code of your receipt, and ask the deciding office.",
  },
  sos: {
    vi: "Nếu đang nguy hiểm, hãy nhấn nút SOS màu đỏ ngay. Trạm không tự gọi thay ông/bà.",
    en: "If there is danger, press the red SOS button now. The station does not call by itself.",
  },
} satisfies Record<string, Told>;

const NOTHING: GuideTurn = {
  sentences: [],
  proposals: [],
  service: null,
  answer: null,
  topics: [],
  intents: [],
};
const turn = (more: Partial<GuideTurn>): GuideTurn => ({ ...NOTHING, ...more });
const person = { intents: [{ kind: "person" }] } as const;

export const choice = (service: string): GuideChoice => ({
  service,
  name: service === "track" ? TRACK : (ENTRIES.find(({ id }) => id === service)?.name ?? TRACK),
});

/** As the card of a service tells it; of services that the mock does not know, one confirmed sentence. */
function answerOf(service: string, topic: string): GuideTurn["answer"] {
  const names: Readonly<Record<string, string>> = { cost: "how-much", time: "how-long", need: "what-needed" };
  const found = KNOWN[service]?.card.answers.find((each) => each.topic === (names[topic] ?? topic));
  const summary = ENTRIES.find(({ id }) => id === service)?.summary ?? SAID.noAnswer;
  return found
    ? { ...found, topic }
    : { topic, text: summary, source: `${service}@1#summary`, confirmed: true };
}

const tell = (service: string, topic: string): GuideTurn =>
  turn({
    sentences: [SAID.begin],
    service: choice(service),
    answer: answerOf(service, topic),
    topics: GUIDE_TOPICS,
  });
const propose = (services: readonly string[], sentence: Told = SAID.confirm): GuideTurn =>
  turn({ sentences: [sentence], proposals: services.map(choice), topics: GUIDE_TOPICS });

/** Some of the words that the real guide knows; folded. */
const WORDS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/dien|electric/, ["bill-electricity", "bill-water", "bill-apartment"]],
  [/tam tru|stay/, ["temporary-residence", "permanent-residence", "temporary-absence"]],
  [/huyet ap|suc khoe|health/, ["cabin", "booking-examination", "health-insurance"]],
  [/on ao|noise/, ["report-civic", "report-security"]],
  [/ho so|request/, ["track", "certified-copy"]],
];
const DANGER = /cuu|chay nha|kho tho|help me|fire/;
const fold = (text: string) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();

/** Every face of the guide, ready to be looked at. */
export const GUIDE_SCENES: Readonly<Record<string, GuideTurn>> = {
  greeting: turn({ sentences: [SAID.greeting, SAID.canDo] }),
  choose: propose(["bill-electricity", "bill-water", "bill-apartment"]),
  "choose-long": propose([
    "referral-subscriber-identification",
    "identity-card-renewal",
    "civil-status-extract",
  ]),
  "choose-one": propose(["temporary-residence"], SAID.which),
  missed: turn({ sentences: [SAID.missed, SAID.examples] }),
  "missed-person": turn({ sentences: [SAID.missed, SAID.person], ...person }),
  answer: tell("temporary-residence", "cost"),
  "answer-long": tell("temporary-residence", "need"),
  "answer-confirmed": tell("report-civic", "what"),
  "no-answer": turn({
    sentences: [SAID.noAnswer],
    service: choice("temporary-residence"),
    topics: GUIDE_TOPICS,
    ...person,
  }),
  track: turn({ sentences: [SAID.track], ...person }),
  sos: turn({ sentences: [SAID.sos], intents: [{ kind: "sos" }] }),
};

type Answered = { readonly turn: GuideTurn } | { readonly refusal: string };

/** A guide that understands a few words, and leads as the real one does. */
export class VirtualGuide {
  /** The next turns are this scene's, whatever is said. */
  scene = "";
  /** The next orders are refused for this reason. */
  refusal = "";
  #proposed: readonly string[] = [];
  #service = "";
  #topic = "";
  #misses = 0;

  restart(): void {
    this.scene = "";
    this.refusal = "";
    this.#forget();
  }

  act(order: GuideOrder): Answered {
    if (this.refusal !== "") return { refusal: this.refusal };
    const scene = GUIDE_SCENES[this.scene];
    return { turn: scene ?? this.#step(order) };
  }

  #step(order: GuideOrder): GuideTurn {
    const steps: Record<GuideOrder["event"], () => GuideTurn> = {
      start: () => (this.#forget(), turn({ sentences: [SAID.greeting, SAID.canDo] })),
      say: () => this.#hear(fold(order.text ?? "")),
      choose: () => this.#choose(order.service ?? ""),
      refuse: () => ((this.#proposed = []), this.#again(SAID.otherwise)),
      ask: () => this.#ask(order.topic ?? ""),
      leave: () => (this.#forget(), turn({})),
    };
    return steps[order.event]();
  }

  #hear(words: string): GuideTurn {
    if (DANGER.test(words)) return turn({ sentences: [SAID.sos], intents: [{ kind: "sos" }] });
    this.#proposed = WORDS.find(([pattern]) => pattern.test(words))?.[1] ?? [];
    return this.#proposed.length > 0 ? propose(this.#proposed) : this.#again(SAID.missed);
  }

  #choose(service: string): GuideTurn {
    this.#proposed = [];
    if (service === "track") return turn({ sentences: [SAID.track], ...person });
    const topic = this.#topic;
    [this.#service, this.#topic] = [service, ""];
    return topic === "" ? turn({ intents: [{ kind: "open", service }] }) : tell(service, topic);
  }

  #ask(topic: string): GuideTurn {
    if (this.#service !== "") return tell(this.#service, topic);
    this.#topic = topic;
    return propose(this.#proposed, SAID.which);
  }

  #again(sentence: Told): GuideTurn {
    this.#misses += 1;
    if (this.#misses < 2) return turn({ sentences: [sentence, SAID.examples] });
    return turn({ sentences: [sentence, SAID.person], ...person });
  }

  #forget(): void {
    [this.#proposed, this.#service, this.#topic, this.#misses] = [[], "", "", 0];
  }
}
