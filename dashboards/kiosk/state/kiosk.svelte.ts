import { getContext, setContext } from "svelte";
import { Stream } from "../../common/api/stream.svelte";
import { Language } from "../../common/i18n/language.svelte";
import { Theming } from "../../common/theme.svelte";
import { hourOf } from "../../common/time/ages";
import { Clock } from "../../common/time/clock.svelte";
import { KioskApi } from "../api/client";
import type { IdentityView } from "../api/identity";
import type { About, Action, Order, Status, View, VitalKind, Wave } from "../api/types";
import { plan, toggled } from "../logic/choices";
import { hasLeft, identityKey } from "../logic/identity/screens";
import { spokenIdentity } from "../logic/identity/speech";
import { screenKey } from "../logic/newest";
import type { OverlayName } from "../logic/overlay";
import { FORGOTTEN_AFTER_MS, isSomebodyNew } from "../logic/privacy";
import { spokenAtOnce, spokenOnDemand } from "../logic/speech";
import { WaveTrack } from "../logic/wave";
import { en } from "../words/en";
import { vi, type Words } from "../words/vi";
import { Cabin } from "./cabin.svelte";
import { Identity } from "./identity.svelte";
import { Printing } from "./printing.svelte";
import { Sos } from "./sos.svelte";
import { Voice } from "./voice.svelte";

const BEAT_S = 5;
const RETRY_S = 3;

/** The composition root of the touch screen. It stores nothing: who comes next finds a fresh screen. */
export class Kiosk {
  readonly language = new Language<Words>({ vi, en }, false);
  readonly clock = new Clock();
  readonly theming = new Theming(hourOf(this.clock.now));
  readonly api = new KioskApi();
  readonly voice = new Voice();
  readonly wave = new WaveTrack();
  readonly sos = new Sos(this.api);
  readonly printing = new Printing(this.api);
  readonly cabin: Cabin = new Cabin(this.api, (before, after) => this.#changed(before, after));
  readonly identity: Identity = new Identity(this.api, (before, after) => this.#cardChanged(before, after));
  readonly stream = new Stream("/api/cabin/stream", {
    identity: (view: IdentityView) => this.identity.hear(view),
    view: (view: View) => this.cabin.hear(view),
    wave: (wave: Wave) => this.wave.add(wave.samples, wave.rate_hz, performance.now()),
    status: (status: Status) => this.#hearStatus(status),
    beat: () => undefined,
  });

  about = $state.raw<About | null>(null);
  chosen = $state.raw<readonly VitalKind[]>([]);
  overlay = $state<OverlayName | null>(null);
  isElder = $state(false);
  /** The person types what an instrument could measure, too. */
  isTyping = $state(false);
  #touchedMs = performance.now();
  #seconds = 0;

  get words(): Words {
    return this.language.words;
  }
  get view(): View | null {
    return this.cabin.view;
  }
  isLost = $derived(this.stream.link === "lost");
  /** Whose screen it is: the card's lies in place of the cabin's. */
  front: Cabin | Identity = $derived(this.identity.isOpen ? this.identity : this.cabin);
  /** Who asks whether somebody is still there. */
  warning: Cabin | Identity | null = $derived(
    [this.front, this.cabin].find(({ view }) => view?.idle) ?? null,
  );
  /** The warning lies over everything but a call for help. */
  shownOverlay: OverlayName | null = $derived(
    this.overlay === "sos" ? "sos" : this.warning ? "idle" : this.overlay,
  );
  screen = $derived(this.isLost ? "lost" : this.#shownKey());

  /** Begins to listen and tick; the returned function ends all of it. */
  start(): () => void {
    void this.#introduce();
    this.stream.open();
    const stopClock = this.clock.start(() => this.#tick());
    const touched = () => (this.#touchedMs = performance.now());
    for (const name of ["pointerdown", "keydown"]) addEventListener(name, touched);
    const typed = (event: KeyboardEvent) => this.identity.wedge.hear(event);
    addEventListener("keydown", typed, { capture: true });
    return () => {
      stopClock();
      this.stream.close();
      this.voice.hush();
      for (const name of ["pointerdown", "keydown"]) removeEventListener(name, touched);
      removeEventListener("keydown", typed, { capture: true });
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
    else if (this.front.may("back")) void this.front.act({ action: "back" });
  }
  get canGoBack(): boolean {
    return this.overlay !== null || this.isTyping || this.front.may("back");
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
    if (this.identity.isOpen) this.#say();
    else if (this.view)
      this.voice.say(spokenOnDemand(this.view, this.words, this.language.code), this.language.code);
  }
  switchLanguage(): void {
    this.language.switch();
    this.#say();
  }
  useElder(isElder: boolean): void {
    this.isElder = isElder;
    document.documentElement.dataset.elder = isElder ? "on" : "off";
  }

  #changed(before: View | null, after: View): void {
    if (isSomebodyNew(before, after)) this.#greet();
    if (before?.page !== after.page) this.#turnPage();
    if (before && screenKey(before) === screenKey(after)) return;
    this.wave.clear();
    this.isTyping = false;
    if (!this.identity.isOpen) this.#say();
  }

  #cardChanged(before: IdentityView | null, after: IdentityView): void {
    const isCabinFree = this.view === null || this.view.page === "choose";
    if (hasLeft(before, after, isCabinFree)) this.#greet();
    if (identityKey(before ?? { ...after, page: "none" }) === identityKey(after)) return;
    this.#turnPage();
    this.isTyping = false;
    this.#say();
  }

  #turnPage(): void {
    if (this.overlay !== "sos") this.overlay = null;
    this.printing.reset();
  }

  #shownKey(): string {
    if (this.identity.isOpen && this.identity.view) return identityKey(this.identity.view);
    return this.cabin.view ? screenKey(this.cabin.view) : "starting";
  }

  #say(): void {
    if (this.identity.isOpen && this.identity.view)
      this.voice.say(spokenIdentity(this.identity.view, this.words), this.language.code);
    else if (this.view) this.voice.say(spokenAtOnce(this.view, this.words), this.language.code);
  }

  /** As the station greets everybody. */
  #greet(): void {
    this.voice.hush();
    this.language.choose("vi");
    this.voice.mute(false);
    this.useElder(false);
    this.chosen = [];
    if (this.overlay !== "sos") this.overlay = null;
  }

  #hearStatus(status: Status): void {
    const isNew = this.sos.status !== null && this.sos.status.sos === null && status.sos !== null;
    this.sos.hear(status);
    if (isNew) this.overlay = "sos"; // pressed on the station's own button: its person stands here too
    if (status.sos === null && this.overlay === "sos" && this.sos.press === null) this.overlay = null;
  }

  #tick(): void {
    this.#seconds += 1;
    this.stream.check();
    if (this.isLost && (this.cabin.view || this.identity.view)) this.#lose();
    void this.sos.tick();
    this.theming.at(hourOf(this.clock.now));
    if (this.#seconds % BEAT_S === 1)
      void this.api.beat(this.screen.split(" ")[0] ?? "").catch(() => undefined);
    if (this.about === null && this.#seconds % RETRY_S === 0) void this.#introduce();
    if (this.#isForgotten()) this.#greet();
  }

  #lose(): void {
    this.cabin.forget();
    this.identity.forget();
    this.voice.hush();
    if (this.overlay !== "sos") this.overlay = null;
  }

  #isForgotten(): boolean {
    const isChanged =
      this.chosen.length > 0 || this.isElder || this.voice.isMuted || this.language.code !== "vi";
    const isIdle = performance.now() - this.#touchedMs > FORGOTTEN_AFTER_MS;
    return (
      isChanged && isIdle && !this.identity.isOpen && (this.view === null || this.view.page === "choose")
    );
  }

  async #introduce(): Promise<void> {
    this.about = await this.api.about().catch(() => null);
  }
}

const KEY = Symbol("kiosk");
export const provideKiosk = (kiosk: Kiosk): Kiosk => setContext(KEY, kiosk);
export const useKiosk = (): Kiosk => getContext<Kiosk>(KEY);
