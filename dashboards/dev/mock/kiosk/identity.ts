import type {
  CardField,
  FieldView,
  IdentityAction,
  IdentityFault,
  IdentityOrder,
  IdentityView,
  PurposeView,
  ReadingStep,
  Refusal,
} from "../../../kiosk/api/identity.ts";
import { READING_STEPS } from "../../../kiosk/api/identity.ts";
import {
  ACTIONS_OF,
  CARD,
  CLOSED,
  IDENTITY_SCENES,
  PURPOSES,
  reviewOf,
  shown,
  troubleOf,
} from "./identity-scenes.ts";

const STEP_TICKS = 8;
const SENDING_TICKS = 10;
const FAREWELL_TICKS = 40;
const TICKS_A_SECOND = 10;
const PAUSE_S = 3;
const TYPED_AGAIN: readonly string[] = ["wrong-key", "other-person", "busy"];

/** A card, its person and a reader that are invented: walks through the contract's pages by a script. */
export class VirtualIdentity {
  view: IdentityView = CLOSED;
  /** The next reading ends with this. */
  fault: IdentityFault | null = null;
  onView: (view: IdentityView) => void = () => undefined;
  /** The pseudonym of a card was given to the cabin. */
  onBound: () => void = () => undefined;
  /** What the person left in of their card was handed over to what they are filling in. */
  onGiven: (fields: readonly CardField[]) => void = () => undefined;
  #ticks = 0;
  #isFrozen = false;

  freeze(name: string): void {
    const scene = IDENTITY_SCENES[name];
    if (!scene) return;
    this.#isFrozen = true;
    this.#show(scene);
  }

  restart(): void {
    this.#isFrozen = false;
    this.#show(CLOSED);
  }

  /** @returns why it is refused, or null when it was done. */
  act(order: IdentityOrder): Refusal | null {
    if (!this.view.actions.includes(order.action)) return "not-now";
    const refusal = refusalOf(order);
    if (refusal === null) this.#do(order);
    return refusal;
  }

  /** Somebody lays a card on the reader, or takes it away. */
  lay(isThere: boolean): void {
    const { page } = this.view;
    const laid: Partial<Record<IdentityView["page"], () => void>> = {
      none: () => this.#go("purpose", { card_present: true }),
      card: () => this.#read(),
    };
    const taken: typeof laid = {
      reading: () => this.#show({ ...this.#troubleOf("gone"), card_present: false }),
      review: () => this.#farewell("card-removed"),
      done: () => this.#farewell("finished", false),
    };
    const deed = (isThere ? laid : taken)[page];
    if (deed) deed();
    else this.#show({ ...this.view, card_present: isThere });
  }

  /** The warning appears and counts down, whatever is on the screen. */
  warn(secondsLeft: number): void {
    this.#show({
      ...this.view,
      idle: { seconds_left: secondsLeft },
      actions: [...this.view.actions, "extend"],
    });
  }

  /** Call ten times a second. */
  tick(): void {
    this.#ticks += 1;
    if (this.#isFrozen) return;
    const { page, idle } = this.view;
    const isSecond = this.#ticks % TICKS_A_SECOND === 0;
    if (idle && isSecond) this.#countIdle(idle.seconds_left - 1);
    else if (page === "trouble" && isSecond) this.#countWait();
    else this.#goOn();
  }

  #goOn(): void {
    const { page, step } = this.view;
    if (page === "reading" && step && this.#ticks >= STEP_TICKS) this.#nextStep(step.name);
    else if (page === "sending" && this.#ticks >= SENDING_TICKS) this.#settle();
    else if (page === "farewell" && this.#ticks >= FAREWELL_TICKS) this.restart();
  }

  /** A service that took the card's fields over goes on by itself. */
  #settle(): void {
    if (this.#purpose().gives !== "prefill") return this.#go("done");
    this.onGiven(this.view.fields.filter(({ is_removed }) => !is_removed).map(({ field }) => field));
    this.restart();
  }

  /** The person wants to use their card for the service that they are filling in. */
  openFor(purpose: PurposeView): void {
    this.#go("consent", { purpose });
  }

  #countWait(): void {
    const { trouble } = this.view;
    if (trouble && trouble.wait_s > 0) this.#show(this.#troubleOf(trouble.fault, trouble.wait_s - 1));
  }

  #do(order: IdentityOrder): void {
    const purpose = PURPOSES.find((each) => each.purpose === order.purpose) ?? null;
    const change = (to: (row: FieldView) => FieldView) => this.#change(order, to);
    const deeds: Record<IdentityAction, () => void> = {
      open: () => (purpose ? this.#go("consent", { purpose }) : this.#go("purpose")),
      choose: () => this.#go("consent", { purpose }),
      agree: () => this.#go("number"),
      number: () => this.#afterKey(),
      scan: () => this.#afterKey(),
      "to-dates": () => this.#go("dates"),
      dates: () => this.#afterKey(),
      retry: () => this.#retry(),
      show: () => change(shown),
      hide: () => change((row) => ({ ...row, value: null, is_shown: false })),
      remove: () => change((row) => ({ ...row, value: null, is_shown: false, is_removed: true })),
      restore: () => change((row) => ({ ...row, is_removed: false })),
      send: () => this.#send(),
      back: () => this.#back(),
      end: () => (this.view.page === "purpose" ? this.restart() : this.#farewell("finished")),
      extend: () => this.#show({ ...this.view, idle: null, actions: without(this.view.actions, "extend") }),
    };
    deeds[order.action]();
  }

  #afterKey(): void {
    if (this.view.card_present) this.#read();
    else this.#go("card");
  }

  #retry(): void {
    if (TYPED_AGAIN.includes(this.view.trouble?.fault ?? "")) this.#go("number");
    else this.#go("card", { card_present: false });
  }

  #back(): void {
    const before: Partial<Record<IdentityView["page"], IdentityView["page"]>> = {
      consent: "purpose",
      number: "consent",
      dates: "number",
      card: "number",
      review: "consent",
    };
    const page = before[this.view.page];
    if (page) this.#go(page);
    else this.restart();
  }

  #read(): void {
    this.#go("reading", { card_present: true, step: { name: "opening" } });
  }

  #nextStep(name: ReadingStep): void {
    const { fault } = this;
    const next = READING_STEPS[READING_STEPS.indexOf(name) + 1];
    if (fault !== null) {
      this.fault = null;
      this.#show(this.#troubleOf(fault));
    } else if (next) this.#go("reading", { card_present: true, step: { name: next } });
    else this.#show({ ...reviewOf(this.#purpose()) });
  }

  #send(): void {
    if (this.#purpose().gives === "pseudonym") this.onBound();
    this.#go("sending", { fields: this.view.fields });
  }

  #change({ field }: IdentityOrder, to: (row: FieldView) => FieldView): void {
    const fields = this.view.fields.map((row) => (row.field === field ? to(row) : row));
    this.#show({ ...this.view, fields });
  }

  #countIdle(left: number): void {
    if (left <= 0) this.#farewell("timed-out");
    else this.#show({ ...this.view, idle: { seconds_left: left } });
  }

  #farewell(outcome: IdentityView["outcome"], isThere = this.view.card_present): void {
    const card_present = isThere && outcome !== "card-removed";
    this.#go("farewell", { purpose: null, outcome, card_present });
  }

  #purpose(): PurposeView {
    return this.view.purpose ?? (PURPOSES[0] as PurposeView);
  }

  #troubleOf(fault: IdentityFault, waitS = fault === "busy" ? PAUSE_S : 0): IdentityView {
    return { ...troubleOf(fault, waitS), purpose: this.view.purpose };
  }

  #go(page: IdentityView["page"], more: Partial<IdentityView> = {}): void {
    const { purpose, card_present } = this.view;
    const kept = page === "purpose" ? { card_present } : { purpose, card_present };
    this.#show({ ...CLOSED, ...kept, page, actions: ACTIONS_OF[page], ...more });
  }

  #show(view: IdentityView): void {
    this.#ticks = 0;
    this.view = { ...view, version: this.view.version + 1 };
    this.onView(this.view);
  }
}

const without = (actions: readonly IdentityAction[], gone: IdentityAction) =>
  actions.filter((each) => each !== gone);

const isNumber = (number: string | undefined) =>
  /^(?:\d{6}|\d{12})$/.test(number ?? "") && number !== "000000000000";

const areDates = ({ number, birth = "", expiry = "" }: IdentityOrder) =>
  isNumber(number) && birth !== "" && birth < expiry;

/** The checks of an honest daemon, as far as a screen can meet them. */
function refusalOf(order: IdentityOrder): Refusal | null {
  const checks: Partial<Record<IdentityAction, [isRight: boolean, refusal: Refusal]>> = {
    number: [isNumber(order.number), "number"],
    scan: [/^\d{12}\|(?:[^|]*\|){5}/.test(order.text ?? ""), "code"],
    dates: [areDates(order), "dates"],
    agree: [Boolean(order.text_version), "text-version"],
    send: [Boolean(order.text_version), "text-version"],
  };
  const [isRight, refusal] = checks[order.action] ?? [true, "not-now"];
  return isRight ? null : refusal;
}

/** What the scanner types for the invented card. */
export const QR_TEXT = `${CARD.number}||${CARD.name}|05032003|${CARD.sex}|${CARD.residence}|12052021`;
