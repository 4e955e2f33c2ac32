import type {
  AnswerFault,
  Json,
  Need,
  ServiceCard,
  ServiceOutcome,
  ServicesAction,
  ServicesOrder,
  ServicesPage,
  ServicesView,
  ServiceTrouble,
} from "../../../kiosk/api/services.ts";
import type { CardField } from "../../../kiosk/api/identity.ts";
import { CARD } from "./identity-scenes.ts";
import {
  applicable,
  faultOf,
  nextQuestion,
  questionCard,
  rowCards,
  type Answers,
} from "./services-asking.ts";
import { KNOWN, MENU, type Asked, type Known } from "./services-catalogue.ts";
import { allowed } from "./services-allowed.ts";
import { DRAFT_CODE, faultOfCode, FOUND, KEPT, RESUME } from "./services-drafts.ts";
import { HOME, RECEIPT, SERVICES_SCENES } from "./services-scenes.ts";

const SENDING_TICKS = 10;
const WAITING_TICKS = 2;
const FAREWELL_TICKS = 40;
const TICKS_A_SECOND = 10;

interface Visit {
  readonly need: Need | null;
  readonly service: Known | null;
  readonly answers: Answers;
  readonly seen: readonly string[];
  readonly hasCard: boolean;
  readonly isChanging: boolean;
}
const NOBODY: Visit = {
  need: null,
  service: null,
  answers: {},
  seen: [],
  hasCard: false,
  isChanging: false,
};

/** A services session whose person is invented: the contract's pages over a few real services. */
export class VirtualServices {
  view: ServicesView = HOME;
  /** The next submission ends with this. */
  trouble: ServiceTrouble | null = null;
  isOnline = true;
  onView: (view: ServicesView) => void = () => undefined;
  /** The person wants to use their card for the chosen service. */
  onCard: (purpose: string) => void = () => undefined;
  #visit = NOBODY;
  #ticks = 0;
  /** What is kept for later, under the one code. */
  #draft: Visit | null = null;
  #waitsFor: () => void = () => undefined;
  #isFrozen = false;

  freeze(name: string): void {
    const scene = SERVICES_SCENES[name];
    if (!scene) return;
    this.#isFrozen = true;
    this.#show(scene);
  }

  restart(): void {
    this.#isFrozen = false;
    this.#leave();
  }

  /** As a station that was just set up. */
  reset(): void {
    this.#draft = null;
    this.restart();
  }

  #leave(): void {
    this.#visit = NOBODY;
    this.#show(HOME);
  }

  /** @returns why it is refused, or null when it was done. */
  act(order: ServicesOrder): string | null {
    if (!this.view.actions.includes(order.action)) return "not-now";
    const refusal = this.#refusalOf(order);
    if (refusal === null) this.#do(order);
    return refusal;
  }

  warn(secondsLeft: number): void {
    const actions: ServicesAction[] = [...this.view.actions, "extend"];
    this.#show({ ...this.view, idle: { seconds_left: secondsLeft }, actions });
  }

  /** What the card gave is an answer like any other, which nobody types. */
  takeCard(fields: readonly CardField[]): void {
    const { service } = this.#visit;
    if (!service) return;
    const given = service.questions
      .filter(({ type }) => type === "card")
      .map(({ id }): [string, Json] => {
        const field = id.replace("card-", "") as CardField;
        return [id, fields.includes(field) ? CARD[field] : null];
      });
    this.#visit = {
      ...this.#visit,
      hasCard: true,
      answers: { ...this.#visit.answers, ...Object.fromEntries(given) },
    };
    this.#onward();
  }

  /** Call ten times a second. */
  tick(): void {
    this.#ticks += 1;
    if (this.#isFrozen) return;
    const { page, idle } = this.view;
    if (idle && this.#ticks % TICKS_A_SECOND === 0) this.#countIdle(idle.seconds_left - 1);
    else if (page === "sending" && this.#ticks >= SENDING_TICKS) this.#settle();
    else if (page === "waiting" && this.#ticks >= WAITING_TICKS) this.#waitsFor();
    else if (page === "farewell" && this.#ticks >= FAREWELL_TICKS) this.restart();
  }

  #refusalOf({ action, need, service = "", question, text_version }: ServicesOrder): string | null {
    const isAsked = question === this.view.question?.id;
    const checks: Partial<Record<ServicesAction, [isRight: boolean, refusal: string]>> = {
      open: [MENU.needs.some((each) => each.need === need), "need"],
      choose: [service === "cabin" || service in KNOWN, "service"],
      submit: [Boolean(text_version), "text-version"],
      answer: [isAsked, "question"],
      skip: [isAsked, "question"],
    };
    const [isRight, refusal] = checks[action] ?? [true, ""];
    return isRight ? null : refusal;
  }

  #do(order: ServicesOrder): void {
    const id = order.question ?? "";
    const { seen } = this.#visit;
    const deeds: Record<ServicesAction, () => void> = {
      open: () => this.#go("group", { need: order.need ?? null }),
      choose: () => this.#choose(order.service ?? ""),
      start: () => this.#onward(),
      keep: () => this.#go("keep"),
      "keep-by-code": () => this.#wait(() => this.#keep(DRAFT_CODE)),
      "keep-by-card": () => this.#wait(() => this.#keep("")),
      resume: () => this.#go("resume", NOBODY, { resume: RESUME }),
      unlock: () => this.#wait(() => this.#unlock(order.code ?? "")),
      forget: () => this.#wait(() => ((this.#draft = null), this.#farewell("forgotten"))),
      "use-card": () => this.onCard(this.#visit.service?.card.id ?? ""),
      answer: () => this.#answer(id, order.value ?? null),
      skip: () => this.#take(id, null),
      change: () => this.#ask(id, null, { isChanging: true }),
      show: () => this.#go("check", { seen: [...seen, id] }),
      hide: () => this.#go("check", { seen: seen.filter((each) => each !== id) }),
      submit: () => this.#go("sending"),
      back: () => this.#back(),
      end: () => this.#farewell(this.#ending),
      extend: () => this.#show({ ...this.view, idle: null, actions: this.#without("extend") }),
    };
    deeds[order.action]();
  }

  #wait(done: () => void): void {
    this.#waitsFor = done;
    this.#go("waiting");
  }

  #keep(code: string): void {
    this.#draft = this.#visit;
    this.#go("kept", { answers: {}, hasCard: false }, { kept: { ...KEPT, code } });
  }

  #unlock(code: string): void {
    const fault = faultOfCode(code, this.#draft !== null);
    if (fault !== null || !this.#draft) return this.#go("resume", NOBODY, { resume: { ...RESUME, fault } });
    const answered = Object.keys(this.#draft.answers).length;
    this.#go("found", { ...this.#draft, hasCard: false }, { found: { ...FOUND, answered } });
  }

  #choose(id: string): void {
    const service = KNOWN[id];
    if (!service) return this.restart(); // the cabin has its own screens
    const need = MENU.needs.find(({ services }) => services.some((each) => each.id === id))?.need ?? null;
    this.#visit = { ...NOBODY, need, service };
    this.#go("service");
  }

  #answer(id: string, value: Json): void {
    const question = this.#questions.find((each) => each.id === id);
    const fault = question ? faultOf(question, value) : null;
    if (fault) this.#ask(id, fault);
    else this.#take(id, value);
  }

  #take(id: string, value: Json): void {
    this.#visit = { ...this.#visit, answers: { ...this.#visit.answers, [id]: value }, isChanging: false };
    this.#onward();
  }

  #onward(): void {
    const next = this.#visit.service && nextQuestion(this.#visit.service, this.#visit.answers);
    if (next) this.#ask(next.id);
    else this.#go("check");
  }

  #back(): void {
    const { page, question, trouble } = this.view;
    const before: Partial<Record<ServicesPage, () => void>> = {
      keep: () => this.#onward(),
      group: () => this.restart(),
      resume: () => this.restart(),
    };
    const step = before[page];
    if (step) return step();
    if (page === "service") return this.#go("group", { service: null });
    if (page === "trouble") return this.#go(trouble === "full" ? "check" : "service");
    if (this.#visit.isChanging) return this.#go("check", { isChanging: false });
    const ids = this.#questions.filter(({ type }) => type !== "card").map(({ id }) => id);
    const earlier = page === "check" ? ids.at(-1) : ids[ids.indexOf(question?.id ?? "") - 1];
    if (earlier) this.#ask(earlier);
    else this.#go("service");
  }

  #settle(): void {
    const { trouble } = this;
    this.trouble = null;
    if (trouble) return this.#go("trouble", {}, { trouble });
    const receipt = { ...RECEIPT, at_ms: Date.now(), is_online: this.isOnline };
    this.#go("receipt", { answers: {} }, { receipt, is_submitted: true });
  }

  #countIdle(left: number): void {
    if (left <= 0) this.#farewell("timed-out");
    else this.#show({ ...this.view, idle: { seconds_left: left } });
  }

  get #ending(): ServiceOutcome {
    if (this.view.is_submitted) return "finished";
    if (this.view.page === "kept") return "kept";
    return this.#draft === null ? "left" : "still-kept";
  }

  #farewell(outcome: ServiceOutcome): void {
    this.#visit = NOBODY;
    this.#go("farewell", {}, { outcome, is_submitted: outcome === "finished" });
  }

  get #questions(): Asked[] {
    const { service, answers } = this.#visit;
    return service ? applicable(service, answers) : [];
  }

  #ask(id: string, fault: AnswerFault | null = null, more: Partial<Visit> = {}): void {
    const { service, answers, hasCard } = { ...this.#visit, ...more };
    if (service)
      this.#go("question", more, { question: questionCard(service, answers, { id, hasCard, fault }) });
  }

  #go(page: ServicesPage, change: Partial<Visit> = {}, more: Partial<ServicesView> = {}): void {
    this.#visit = { ...this.#visit, ...change };
    const { service, answers, seen, need } = this.#visit;
    const view: ServicesView = {
      ...HOME,
      page,
      need,
      service: service && page !== "group" ? this.#card(service.card) : null,
      rows: page === "check" && service ? rowCards(service, answers, seen) : [],
      ...more,
    };
    const { hasCard } = this.#visit;
    this.#show({ ...view, actions: allowed(view, { hasCard, hasAnswers: Object.keys(answers).length > 0 }) });
  }

  #card = (card: ServiceCard): ServiceCard => ({ ...card, has_card_fields: this.#visit.hasCard });

  #without = (gone: ServicesAction) => this.view.actions.filter((each) => each !== gone);

  #show(view: ServicesView): void {
    this.#ticks = 0;
    this.view = { ...view, version: this.view.version + 1 };
    this.onView(this.view);
  }
}
