import type {
  Action,
  Order,
  Reading,
  Row,
  Step,
  Trouble,
  View,
  VitalKind,
  Wave,
} from "../../../kiosk/api/types.ts";
import { actionsIn, EMPTY, rowOf, SAMPLE, SHEET, stepOf } from "./scenes.ts";

const TICK_MS = 100;
const REST_S = 6;
const WAITING_TICKS = 8;
const FAREWELL_TICKS = 40;
const WAVE_HZ = 50;
const MEASURING_TICKS: Record<VitalKind, number> = {
  "blood-pressure": 90,
  oxygen: 80,
  temperature: 25,
  "heart-rate": 80,
  weight: 35,
  height: 25,
  glucose: 60,
};

type News = (view: View) => void;

/** A cabin whose person and instruments are invented: it walks through the contract's pages and phases by a script. */
export class VirtualCabin {
  view: View = EMPTY;
  /** The next measurement ends with this. */
  trouble: Trouble | null = null;
  onView: News = () => undefined;
  onWave: (wave: Wave) => void = () => undefined;
  /** Ticks of a phase so far. */
  #ticks = 0;
  #rows: Row[] = [];
  #readings: Reading[] = [];
  #isFrozen = false;

  /** Shows one of the scenes, which stands still. */
  freeze(scene: View): void {
    this.#isFrozen = true;
    this.#show(scene);
  }

  restart(): void {
    this.#isFrozen = false;
    this.#rows = [];
    this.#readings = [];
    this.#show(EMPTY);
  }

  /** @returns null when it is refused. */
  act(order: Order): View | null {
    if (!this.view.actions.includes(order.action) || !this.#isRight(order)) return null;
    this.#do(order);
    return this.view;
  }

  /** Call every TICK_MS. */
  tick(): void {
    if (this.view.idle) this.#countIdle();
    if (!this.#isFrozen) this.#goOn();
    else if (this.view.step?.phase === "measuring") this.#sendWave(this.view.step);
  }

  #goOn(): void {
    this.#ticks += 1;
    const { step, page } = this.view;
    if (page === "farewell" && this.#ticks >= FAREWELL_TICKS) this.restart();
    if (step?.phase === "waiting" && this.#ticks >= WAITING_TICKS) this.#phase("measuring");
    else if (step?.phase === "measuring") this.#measure(step);
    else if (step?.phase === "rest") this.#rest(step);
  }

  #isRight({ action, kinds = [], scope, measure, value }: Order): boolean {
    if (action === "begin") return kinds.length > 0;
    if (action === "consent") return scope !== undefined;
    return action !== "enter" || (measure === "body-height" && value !== undefined);
  }

  #do(order: Order): void {
    const deeds: Record<Action, () => void> = {
      begin: () =>
        this.#show({ ...EMPTY, page: "consent", actions: ["consent", "back"], chosen: order.kinds ?? [] }),
      consent: () => this.#enterStep(0, order.scope ?? null),
      back: () => this.#back(),
      start: () => this.#phase("waiting"),
      stop: () => this.#phase("prepare"),
      repeat: () => this.#phase("prepare"),
      skip: () => this.#advance(),
      next: () => this.#advance(),
      enter: () => this.#accept({ values: { "body-height": order.value ?? 0 }, flags: ["manual"] }),
      finish: () => this.#show({ ...EMPTY, page: "farewell", actions: [] }),
      withdraw: () => this.#withdraw(),
      extend: () =>
        this.#show({
          ...this.view,
          idle: null,
          actions: this.view.actions.filter((each) => each !== "extend"),
        }),
    };
    deeds[order.action]();
  }

  #back(): void {
    if (this.view.page === "consent") this.restart();
    else this.#show({ ...this.view, page: "consent", step: null, actions: ["consent", "back"] });
  }

  #enterStep(index: number, consent = this.view.consent): void {
    const kind = this.view.chosen[index];
    this.#readings = [];
    if (!kind) return this.#sheet();
    const phase = kind === "height" ? "entry" : "prepare";
    const step = stepOf(kind, phase, { number: index + 1, of: this.view.chosen.length });
    this.#show({ ...this.view, page: "step", consent, step, actions: actionsIn(phase) });
  }

  #phase(phase: Step["phase"], more: Partial<Step> = {}): void {
    if (!this.view.step) return;
    const bare = { live: null, countdown_s: null, trouble: null, result: null, is_doubtful: false };
    this.#show({
      ...this.view,
      step: { ...this.view.step, ...bare, phase, ...more },
      actions: actionsIn(phase),
    });
  }

  #measure(step: Step): void {
    const progress = this.#ticks / MEASURING_TICKS[step.kind];
    if (progress >= 1) return this.#finished(step);
    this.#sendWave(step);
    const values =
      step.kind === "blood-pressure" ? { "cuff-pressure": cuffAt(progress) } : settledAt(step.kind, progress);
    const live = {
      values,
      signal: step.kind === "oxygen" ? Math.min(1, progress * 2) : null,
      progress,
      flags: [],
    };
    this.#show({ ...this.view, step: { ...step, live } }, false);
  }

  #finished(step: Step): void {
    const { trouble } = this;
    this.trouble = null;
    if (trouble) return this.#phase("trouble", { trouble });
    this.#accept({ values: SAMPLE[step.kind], flags: [] });
  }

  #accept(reading: Reading): void {
    const { step } = this.view;
    if (!step) return;
    this.#readings = [...this.#readings, reading];
    if (step.kind === "blood-pressure" && this.#readings.length < 2)
      return this.#phase("rest", { countdown_s: REST_S, reading: 2 });
    this.#phase("result", { result: reading });
  }

  #rest(step: Step): void {
    const left = REST_S - Math.floor((this.#ticks * TICK_MS) / 1_000);
    if (left <= 0) this.#phase("measuring");
    else if (left !== step.countdown_s)
      this.#show({ ...this.view, step: { ...step, countdown_s: left } }, false);
  }

  #advance(): void {
    const { step } = this.view;
    if (!step) return;
    if (this.#readings.length > 0) this.#rows = [...this.#rows, rowOf(step.kind, this.#readings)];
    this.#enterStep(step.number);
  }

  #sheet(): void {
    const done = this.#rows.map(({ kind }) => kind);
    const sheet = {
      ...SHEET,
      at_ms: Date.now(),
      rows: this.#rows,
      skipped: this.view.chosen.filter((kind) => !done.includes(kind)),
      kept: this.view.consent,
    };
    const actions: Action[] = this.view.consent ? ["finish", "withdraw"] : ["finish"];
    this.#show({ ...this.view, page: "sheet", step: null, sheet, actions });
  }

  #withdraw(): void {
    if (!this.view.sheet) return;
    this.#show({ ...this.view, sheet: { ...this.view.sheet, is_withdrawn: true }, actions: ["finish"] });
  }

  #countIdle(): void {
    this.#idleTicks += 1;
    if (this.#idleTicks % 10 !== 0 || !this.view.idle || this.#isFrozen) return;
    const left = this.view.idle.seconds_left - 1;
    if (left <= 0) this.restart();
    else this.#show({ ...this.view, idle: { seconds_left: left } }, false);
  }
  #idleTicks = 0;

  /** The warning appears and counts down, whatever is on the screen. */
  warn(secondsLeft: number): void {
    this.#show(
      { ...this.view, idle: { seconds_left: secondsLeft }, actions: [...this.view.actions, "extend"] },
      false,
    );
  }

  /** What is kept of this visit belongs to a card from now on. */
  bind(): void {
    this.#show({ ...this.view, is_bound: true }, false);
  }

  #sendWave({ kind }: Step): void {
    if (kind !== "oxygen" && kind !== "heart-rate") return;
    const count = (WAVE_HZ * TICK_MS) / 1_000;
    const samples = Array.from({ length: count }, () => plethAt((this.#waveTick += 1) / WAVE_HZ));
    this.onWave({ samples, rate_hz: WAVE_HZ });
  }
  #waveTick = 0;

  #show(view: View, isNewPhase = true): void {
    if (isNewPhase) this.#ticks = 0;
    this.view = { ...view, version: this.view.version + 1 };
    this.onView(this.view);
  }
}

/** Up to 180 mmHg in the first half, then slowly down. */
function cuffAt(progress: number): number {
  return Math.round(progress < 0.4 ? (progress / 0.4) * 180 : 180 - ((progress - 0.4) / 0.6) * 140);
}

const settledAt = (kind: VitalKind, progress: number) => (progress > 0.3 ? SAMPLE[kind] : {});

/** A pulse of 72 a minute with its second, smaller wave. */
export function plethAt(seconds: number): number {
  const phase = (seconds * 1.2) % 1;
  const bump = (centre: number, width: number) => Math.exp(-(((phase - centre) / width) ** 2));
  return Math.round(12 + 72 * bump(0.22, 0.1) + 26 * bump(0.52, 0.12));
}
