import { getContext, setContext } from "svelte";
import { Stream } from "../../common/api/stream.svelte";
import { Cleaning } from "../../common/device/cleaning.svelte";
import { Pulse } from "../../common/device/pulse";
import { Language } from "../../common/i18n/language.svelte";
import { Theming } from "../../common/theme.svelte";
import { hourOf } from "../../common/time/ages";
import { Clock } from "../../common/time/clock.svelte";
import { KioskApi } from "../api/client";
import type { IdentityView } from "../api/identity";
import type { ServicesView } from "../api/services";
import type { About, Action, Order, Status, View, VitalKind, Wave } from "../api/types";
import { plan, toggled } from "../logic/choices";
import { hasLeft, identityKey } from "../logic/identity/screens";
import { screenKey } from "../logic/newest";
import type { OverlayName } from "../logic/overlay";
import { forgottenAfterMs, isSomebodyNew } from "../logic/privacy";
import { hasLeftServices, isAtHome, servicesKey } from "../logic/services/screens";
import { WaveTrack } from "../logic/wave";
import { vi, type Words } from "../words/vi";
import { Cabin } from "./cabin.svelte";
import { Ease } from "./ease.svelte";
import { Guide } from "./guide.svelte";
import { Identity } from "./identity.svelte";
import { Paying } from "./paying.svelte";
import { Patience } from "./patience.svelte";
import { Printing } from "./printing.svelte";
import { Reader } from "./reader";
import { CABIN, Services } from "./services.svelte";
import { Sos } from "./sos.svelte";
import { Voice } from "./voice.svelte";

const RETRY_S = 3;

/** The composition root of the touch screen. It stores nothing: who comes next finds a fresh screen. */
export class Kiosk {
  /** English follows at once; the greeting does not wait for it. */
  readonly language = new Language<Words>({ vi, en: vi }, false);
  readonly clock = new Clock();
  readonly theming = new Theming(hourOf(this.clock.now));
  readonly ease = new Ease(this.theming);
  readonly cleaning = new Cleaning();
  readonly api = new KioskApi();
  readonly voice = new Voice();
  readonly wave = new WaveTrack();
  readonly sos = new Sos(this.api);
  readonly printing = new Printing(this.api);
  readonly cabin: Cabin = new Cabin(this.api, (before, after) => this.#changed(before, after));
  readonly identity: Identity = new Identity(this.api, (before, after) => this.#cardChanged(before, after));
  readonly services: Services = new Services(this.api, (before, after) => this.#served(before, after));
  readonly paying: Paying = new Paying(this.api, () => (this.#turnPage(), this.#reader.say()));
  readonly guide: Guide = new Guide(
    this.api,
    () => this.#reader.say(),
    (service) => (service === CABIN ? this.enterCabin() : this.services.do("choose", { service })),
  );
  readonly stream = new Stream("/api/cabin/stream", {
    services: (view: ServicesView) => this.services.hear(view),
    paying: (view: NonNullable<Paying["view"]>) => this.paying.hear(view),
    identity: (view: IdentityView) => this.identity.hear(view),
    view: (view: View) => this.cabin.hear(view),
    wave: (wave: Wave) => this.wave.add(wave.samples, wave.rate_hz, performance.now()),
    status: (status: Status) => this.#hearStatus(status),
    beat: () => undefined,
  });

  readonly #reader = new Reader(this);

  about = $state.raw<About | null>(null);
  chosen = $state.raw<readonly VitalKind[]>([]);
  overlay = $state<OverlayName | null>(null);
  /** The person types what an instrument could measure, too. */
  isTyping = $state(false);
  readonly #patience = new Patience();
  readonly #pulse = new Pulse(this.api.beat);
  #seconds = 0;

  get words(): Words {
    return this.language.words;
  }
  get view(): View | null {
    return this.cabin.view;
  }
  isLost = $derived(this.stream.link === "lost");
  hasServices = $derived(this.services.view !== null || this.about?.has_services === true);
  /** Somebody measures, or has come to measure. */
  isCabinUsed = $derived(
    !this.hasServices ||
      this.services.isAtCabin ||
      (this.cabin.view !== null && this.cabin.view.page !== "choose"),
  );
  /** Whose screen it is: the card's lies in place of the cabin's, and the cabin in use in place of the services'. */
  front: Cabin | Identity | Services = $derived(
    this.identity.isOpen ? this.identity : this.isCabinUsed ? this.cabin : this.services,
  );
  /** The guide has the start screen's place. */
  isGuided = $derived(this.guide.isOpen && this.front === this.services && isAtHome(this.services.view));
  /** Who asks whether somebody is still there. */
  warning: Cabin | Identity | Services | null = $derived(
    [this.front, this.cabin, this.services].find(({ view }) => view?.idle) ?? null,
  );
  #hasMoreTime = $derived(this.ease.isElder && this.#patience.hasMore);
  /** The warning lies over everything but a call for help. */
  shownOverlay: OverlayName | null = $derived(
    this.overlay === "sos" ? "sos" : this.warning && !this.#hasMoreTime ? "idle" : this.overlay,
  );
  screen = $derived(this.isLost ? "lost" : this.#shownKey());

  /** Begins to listen and tick; the returned function ends all of it. */
  start(): () => void {
    void this.#introduce();
    void this.#learnEnglish().catch(() => undefined);
    this.stream.open();
    const stopClock = this.clock.start(() => this.#tick());
    const unwatch = this.#patience.watch();
    const unplug = this.identity.wedge.watch();
    return () => {
      stopClock();
      this.stream.close();
      this.voice.hush();
      unwatch();
      unplug();
    };
  }

  choose(kind: VitalKind): void {
    this.chosen = toggled(this.chosen, kind, this.cabin.view?.offers ?? []);
  }
  begin(): void {
    const { kinds } = plan(this.chosen, this.cabin.view?.offers ?? []);
    this.act("begin", { kinds });
  }
  act(action: Action, more: Omit<Order, "action"> = {}): void {
    void this.cabin.act({ action, ...more });
  }
  may(action: Action): boolean {
    return this.cabin.may(action);
  }

  /** The fixed button: what lies over the screen goes first. */
  back(): void {
    if (this.overlay) this.overlay = null;
    else if (this.isTyping) this.isTyping = false;
    else if (this.#stepBack) this.#stepBack();
    else if (this.front.may("back")) void this.front.act({ action: "back" });
  }
  get canGoBack(): boolean {
    return this.overlay !== null || this.isTyping || this.#stepBack !== null || this.front.may("back");
  }
  /** What the screen itself can take back. */
  get #stepBack(): (() => void) | null {
    if (this.isGuided) return () => (this.guide.back(), this.#reader.say());
    if (this.front === this.services) return this.paying.stepBack ?? this.services.stepBack;
    return this.front === this.cabin && this.services.isAtCabin && this.#isCabinFree
      ? () => this.#leaveCabin()
      : null;
  }
  get #isCabinFree(): boolean {
    return this.view === null || this.view.page === "choose";
  }
  #leaveCabin(): void {
    this.services.isAtCabin = false;
    this.chosen = [];
    this.#reader.say();
  }
  enterCabin(): void {
    void this.services.enterCabin().then(() => (this.guide.close(), this.#reader.say()));
  }
  callSos(): void {
    this.overlay = "sos";
    this.voice.hush();
    void this.sos.call();
  }
  print(): void {
    void this.printing.print(this.language.code);
  }

  sayAgain(): void {
    this.voice.mute(false);
    this.#reader.say(true);
  }
  async switchLanguage(): Promise<void> {
    await this.#learnEnglish();
    this.language.switch();
    this.#reader.say();
  }
  async #learnEnglish(): Promise<void> {
    const { en } = await import("../words/en");
    this.language.add("en", en);
  }
  #changed(before: View | null, after: View): void {
    if (isSomebodyNew(before, after)) this.#greet();
    if (before?.page !== after.page) this.#turnPage();
    if (before && screenKey(before) === screenKey(after)) return;
    this.wave.clear();
    this.isTyping = false;
    if (this.front === this.cabin) this.#reader.say();
  }

  #cardChanged(before: IdentityView | null, after: IdentityView): void {
    if (hasLeft(before, after, this.#isCabinFree && isAtHome(this.services.view))) this.#greet();
    if (identityKey(before ?? { ...after, page: "none" }) === identityKey(after)) return;
    this.#turnPage();
    this.isTyping = false;
    this.#reader.say();
  }

  #served(before: ServicesView | null, after: ServicesView): void {
    if (!isAtHome(after)) this.guide.close();
    if (hasLeftServices(before, after)) this.#greet();
    if (before && servicesKey(before) === servicesKey(after)) return;
    if (before) this.#turnPage();
    if (this.front === this.services) this.#reader.say();
  }

  #turnPage(): void {
    if (this.overlay !== "sos") this.overlay = null;
    this.printing.reset();
  }

  #shownKey(): string {
    if (this.identity.isOpen && this.identity.view) return identityKey(this.identity.view);
    if (this.isGuided) return "guide";
    if (this.front === this.services)
      return this.paying.key ?? (this.services.view ? servicesKey(this.services.view) : "starting");
    return this.cabin.view ? screenKey(this.cabin.view) : "starting";
  }

  /** As the station greets everybody. */
  #greet(): void {
    this.voice.hush();
    this.language.choose("vi");
    this.voice.mute(false);
    this.ease.reset();
    this.chosen = [];
    this.services.isAtCabin = false;
    this.guide.leave();
    if (this.overlay !== "sos") this.overlay = null;
  }

  #hearStatus(status: Status): void {
    const isNew = this.sos.status !== null && this.sos.status.sos === null && status.sos !== null;
    const isOwn = this.sos.press !== null; // then the panel is open, or its person has closed it
    this.sos.hear(status);
    if (isNew) this.cleaning.end();
    if (isNew && !isOwn) this.overlay = "sos"; // pressed on the station's own button: its person stands here too
    if (status.sos === null && this.overlay === "sos" && this.sos.press === null) this.overlay = null;
  }

  #tick(): void {
    this.#seconds += 1;
    this.stream.check();
    if (this.isLost) this.#lose();
    void this.sos.tick();
    this.theming.at(hourOf(this.clock.now));
    this.cleaning.tick();
    this.#pulse.tick(this.cleaning.isOn ? "cleaning" : (this.screen.split(" ")[0] ?? ""));
    if (this.warning && this.#hasMoreTime) void this.#patience.extend(this.warning);
    if (this.#seconds % RETRY_S === 0) this.#retry();
    if (this.#isForgotten()) this.#greet();
  }

  #retry(): void {
    if (this.about === null) void this.#introduce();
    if (this.hasServices) void this.services.loadMenu();
  }

  #lose(): void {
    if (![this.cabin, this.identity, this.services].some(({ view }) => view)) return;
    this.cabin.forget();
    this.identity.forget();
    this.services.forget();
    this.paying.forget();
    this.guide.close();
    this.voice.hush();
    if (this.overlay !== "sos") this.overlay = null;
  }

  #isForgotten(): boolean {
    const isChanged =
      this.chosen.length > 0 ||
      this.ease.isChanged ||
      this.voice.isMuted ||
      this.services.isAtCabin ||
      this.guide.isOpen ||
      this.language.code !== "vi";
    const isIdle = this.#patience.isIdleFor(forgottenAfterMs(this.ease.isElder));
    const isNobodys = !this.identity.isOpen && this.#isCabinFree && isAtHome(this.services.view);
    return isChanged && isIdle && isNobodys;
  }

  async #introduce(): Promise<void> {
    this.about = await this.api.about().catch(() => null);
    if (this.about?.has_services) await this.services.loadMenu();
  }
}

const KEY = Symbol("kiosk");
export const provideKiosk = (kiosk: Kiosk): Kiosk => setContext(KEY, kiosk);
export const useKiosk = (): Kiosk => getContext<Kiosk>(KEY);
