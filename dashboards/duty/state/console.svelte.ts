import { getContext, setContext } from "svelte";
import { Api } from "../../common/api/client";
import { Stream } from "../../common/api/stream.svelte";
import {
  CITY,
  type Beat,
  type Card,
  type Config,
  type Hello,
  type PresenceNews,
  type Station,
  type Watch,
} from "../../common/api/types";
import { Bell } from "../../common/audio/bell.svelte";
import { recall, remember } from "../../common/device/memory";
import { WakeLock } from "../../common/device/wake";
import { Language } from "../../common/i18n/language.svelte";
import { Theming } from "../../common/theme.svelte";
import { hourOf } from "../../common/time/ages";
import { Clock } from "../../common/time/clock.svelte";
import { isNewlyUnanswered, isPressedAgain, soundFor, titleFor, unansweredSos } from "../logic/alarm";
import type { Feed } from "../logic/feed";
import { addressOf, parseRoute, type Route } from "../logic/route";
import { isField } from "../logic/shortcuts";
import { takesScreen } from "../logic/takeover";
import { byUrgency } from "../logic/urgency";
import { en } from "../words/en";
import { vi, type Words } from "../words/vi";
import { Board } from "./board.svelte";
import { Desk } from "./desk.svelte";
import { Dossier } from "./dossier.svelte";
import { Fleet } from "./fleet.svelte";
import { News } from "./news";
import { Officer } from "./officer.svelte";
import { Presence } from "./presence.svelte";

const RECONCILE_S = 60;
const RETRY_S = 3;

/** The composition root of one console: every part is made here, and here they hear of each other. */
export class Console {
  readonly language = new Language<Words>({ vi, en });
  readonly clock = new Clock();
  readonly theming = new Theming(hourOf(this.clock.now));
  readonly api = new Api(undefined, () => this.officer.lost());
  readonly officer: Officer = new Officer(this.api);
  readonly bell = new Bell();
  readonly presence = new Presence(this.api);
  readonly news = new News(this.api);
  readonly fleet = new Fleet(this.api);
  readonly board: Board = new Board(this.api, (before, after) => this.#changed(before, after));
  readonly dossier = new Dossier(this.api);
  readonly desk = new Desk(this.api, (card) => this.board.hear(card));
  readonly stream = new Stream("/api/stream", this.#handlers(), () => void this.officer.check());

  config = $state.raw<Config | null>(null);
  watch = $state.raw<Watch>({ ok: true, escalate_age_ms: null, ingest_age_ms: null });
  armedWards = $state.raw<PresenceNews["wards"]>([]);
  route = $state.raw<Route>(parseRoute(location.hash));
  /** Read to those who do not see the screen: the newest SOS. */
  announcement = $state("");
  /** The form that is open in the incident's card. */
  panel = $state.raw<{ incident: string; form: "resolve" | "hand_over" } | null>(null);
  helpOpen = $state(false);
  lettersOn = $state(recall("letters", ["on", "off"], "on") === "on");
  #seconds = 0;
  readonly #wake = new WakeLock();

  openId = $derived(this.route.page === "board" ? this.route.incident : null);
  openCard = $derived(this.openId === null ? null : this.#newest(this.openId));
  /** Wards that nobody watches, neither their own console nor the city desk. */
  unwatched = $derived(
    this.armedWards.some(({ ward, armed }) => ward === CITY && armed > 0)
      ? []
      : this.armedWards
          .filter(({ ward, armed }) => ward !== CITY && armed === 0)
          .map(({ ward }) => this.#wardName(ward)),
  );
  waiting = $derived(unansweredSos(this.board.feed.cards.values()));

  get words(): Words {
    return this.language.words;
  }

  /** Begins to tick and listen; the returned function ends all of it. */
  start(): () => void {
    void this.officer.restore().then(() => this.#enterIfIn());
    const stopClock = this.clock.start(() => this.#tick());
    const listeners: [EventTarget, string, () => void][] = [
      [window, "hashchange", () => this.#arrive(parseRoute(location.hash))],
      [window, "pagehide", () => void this.presence.release()],
      [document, "visibilitychange", () => this.#tick()],
    ];
    for (const [target, name, listener] of listeners) target.addEventListener(name, listener);
    return () => {
      stopClock();
      this.stream.close();
      for (const [target, name, listener] of listeners) target.removeEventListener(name, listener);
    };
  }

  async login(login: string, password: string): Promise<void> {
    const before = this.officer.user?.login;
    await this.officer.login(login, password);
    if (before !== this.officer.user?.login) this.#forget();
    await this.#enterIfIn();
  }

  async logout(): Promise<void> {
    await this.disarm();
    await this.news.forget();
    this.stream.close();
    this.#forget();
    await this.officer.logout();
  }

  /** Must be called from a key or click. */
  async arm(): Promise<void> {
    if (!(await this.bell.arm())) return;
    remember("bell", "on");
    await Promise.all([
      this.presence.hold(),
      this.#wake.hold(),
      this.news.allow(this.config?.push_public_key ?? null),
    ]);
  }

  async disarm(): Promise<void> {
    remember("bell", "off");
    this.bell.disarm();
    this.#wake.release();
    await this.presence.release();
  }

  go(route: Route): void {
    location.hash = addressOf(route);
    this.#arrive(route);
  }
  open(incident: string | null): void {
    this.go({ page: "board", incident });
  }
  useLetters(on: boolean): void {
    this.lettersOn = on;
    remember("letters", on ? "on" : "off");
  }

  async #enterIfIn(): Promise<void> {
    if (this.officer.status !== "in") return;
    if (this.officer.user?.role === "desk_officer") return location.replace("/desk/"); // nothing here is theirs
    this.stream.open();
    this.config = await this.api.config().catch(() => null);
    if (this.officer.mayAct && recall("bell", ["on", "off"], "off") === "on") await this.#rearm();
  }

  /** After a reload: only where the browser is set up to let this page sound without a click. */
  async #rearm(): Promise<void> {
    await this.arm();
    this.bell.failed = false;
  }

  #handlers() {
    return {
      hello: (hello: Hello) => {
        this.clock.hear(hello.server_time_ms);
        const missed = hello.last_event_id !== this.board.feed.lastEventId;
        if (missed || this.board.status !== "ready") void this.board.refresh();
      },
      incident: (card: Card) => this.board.hear(card),
      station: (station: Station) => {
        this.fleet.hear(station);
        this.board.hearStation(station);
      },
      presence: (news: PresenceNews) => (this.armedWards = news.wards),
      beat: (beat: Beat) => {
        this.clock.hear(beat.server_time_ms);
        this.watch = beat.watch;
        void this.presence.onBeat();
      },
      resync: () => this.#reload(),
    };
  }

  #tick(): void {
    this.#seconds += 1;
    this.stream.check();
    this.desk.tick();
    void this.#wake.renew();
    this.theming.at(hourOf(this.clock.now));
    this.#sound();
    const { words } = this;
    document.title = titleFor(words.product, words.sos, this.waiting.length, this.#seconds);
    if (this.officer.status === "unreachable" && this.#seconds % RETRY_S === 0)
      void this.officer.restore().then(() => this.#enterIfIn());
    if (this.officer.status === "in") this.#keepFresh();
  }

  #keepFresh(): void {
    if (this.#seconds % RECONCILE_S === 0) void this.board.refresh();
    if (this.#seconds % RETRY_S !== 0) return;
    if (this.config === null)
      void this.api.config().then(
        (config) => (this.config = config),
        () => undefined,
      );
    if (this.board.status === "failed") void this.board.refresh();
    if (this.dossier.status === "failed") void this.dossier.reload();
  }

  #reload(): void {
    void this.board.refresh();
    void this.dossier.reload();
    if (this.fleet.status === "ready") void this.fleet.load();
  }

  #sound(): void {
    const link = this.officer.status === "expired" ? "lost" : this.stream.link;
    const cards = this.board.feed.cards.values();
    this.bell.sound(soundFor({ armed: this.bell.armed, link, cards }), performance.now());
  }

  #changed(before: Feed, after: Feed): void {
    this.#sound();
    const changed = [...after.cards.values()].filter((card) => before.cards.get(card.id) !== card);
    if (changed.some((card) => isPressedAgain(before.cards.get(card.id), card))) this.bell.chime("again");
    const fresh = changed.filter((card) => isNewlyUnanswered(before.cards.get(card.id), card));
    const [first] = fresh.sort(
      (one, other) => Number(one.drill) - Number(other.drill) || byUrgency(one, other),
    );
    if (first) this.#greet(first);
  }

  #greet(card: Card): void {
    const { newSos, newDrill } = this.words.board;
    const sentence = (card.drill ? newDrill : newSos)(card.station.name);
    this.announcement = sentence;
    this.news.tell(sentence, card, () => this.open(card.id));
    if (takesScreen(card, this.openCard, isField(document.activeElement))) this.open(card.id);
  }

  #wardName(code: string): string {
    return this.config?.wards.find((ward) => ward.code === code)?.name ?? code;
  }

  #newest(id: string): Card | null {
    const [known, detailed] = [this.board.feed.cards.get(id), this.dossier.detail?.card];
    if (detailed?.id !== id) return known ?? null;
    return known && known.last_event_id >= detailed.last_event_id ? known : detailed;
  }

  #arrive(route: Route): void {
    const before = this.openId;
    this.route = route;
    if (this.openId !== before) this.panel = null;
  }

  #forget(): void {
    this.board.clear();
    this.desk.clear();
    this.fleet.clear();
    this.armedWards = [];
    void this.dossier.show(null, 0);
    this.open(null);
  }
}

const KEY = Symbol("console");
export const provideConsole = (console: Console): Console => setContext(KEY, console);
export const useConsole = (): Console => getContext<Console>(KEY);
