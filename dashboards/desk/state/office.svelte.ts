import { getContext, setContext } from "svelte";
import { Api } from "../../common/api/client";
import { Stream } from "../../common/api/stream.svelte";
import type { Config } from "../../common/api/types";
import { recall, remember } from "../../common/device/memory";
import { Language } from "../../common/i18n/language.svelte";
import { Visitor } from "../../common/session/visitor.svelte";
import { Theming } from "../../common/theme.svelte";
import { hourOf } from "../../common/time/ages";
import { Clock } from "../../common/time/clock.svelte";
import { DeskApi } from "../api/desk";
import type { Desk, Name, RequestCard, Verb } from "../api/types";
import { addressOf, parseRoute, type Route, type View } from "../logic/route";
import { en } from "../words/en";
import { vi, type Words } from "../words/vi";
import { Inbox } from "./inbox.svelte";
import { Open } from "./open.svelte";
import { Vault } from "./vault.svelte";

const RECONCILE_S = 60;
const RETRY_S = 3;

/** The composition root of a desk's page: every part is made here, and here they hear of each other. */
export class Office {
  readonly language = new Language<Words>({ vi, en });
  readonly clock = new Clock();
  readonly theming = new Theming(hourOf(this.clock.now));
  readonly api = new Api(undefined, () => this.#lost());
  readonly visitor = new Visitor(this.api);
  readonly calls = new DeskApi(this.api);
  readonly inbox = new Inbox(this.calls);
  readonly vault = new Vault(this.calls);
  readonly open = new Open(this.calls, (card) => this.inbox.hear(card));
  readonly stream = new Stream("/api/desks/stream", this.#handlers(), () => void this.visitor.check());

  desks = $state.raw<Desk[]>([]);
  config = $state.raw<Config | null>(null);
  route = $state.raw<Route>(parseRoute(location.hash));
  desk = $state("");
  helpOpen = $state(false);
  lettersOn = $state(recall("letters", ["on", "off"], "on") === "on");
  mayAct = $derived(this.visitor.user !== null && this.visitor.user.role !== "auditor");
  wardNames = $derived(new Map(this.config?.wards.map(({ code, name }) => [code, name])));
  #seconds = 0;

  get words(): Words {
    return this.language.words;
  }
  pick = (name: Name): string => name[this.language.code];

  /** Begins to tick and listen; the returned function ends all of it. */
  start(): () => void {
    void this.visitor.restore().then(() => this.#enterIfIn());
    const stopClock = this.clock.start(() => this.#tick());
    const listeners: [EventTarget, string, () => void][] = [
      [window, "hashchange", () => this.#arrive(parseRoute(location.hash))],
      [window, "pagehide", () => this.vault.forget()],
      [window, "pointerdown", () => this.vault.touch()],
      [window, "keydown", () => this.vault.touch()],
    ];
    for (const [target, name, listener] of listeners) target.addEventListener(name, listener);
    return () => {
      stopClock();
      this.stream.close();
      this.vault.forget();
      for (const [target, name, listener] of listeners) target.removeEventListener(name, listener);
    };
  }

  async login(login: string, password: string): Promise<void> {
    await this.visitor.login(login, password);
    await this.#enterIfIn();
  }

  async logout(): Promise<void> {
    this.vault.forget();
    this.stream.close();
    this.inbox.clear();
    this.desks = [];
    await this.open.show(null);
    await this.visitor.logout();
  }

  /** @param panel the form to open with it. */
  go(route: Route, panel: Verb | null = null): void {
    location.hash = addressOf(route);
    this.#arrive(route, panel);
  }
  look(view: View): void {
    this.go({ view, request: null });
  }
  useDesk(desk: string): void {
    this.desk = desk;
    void this.inbox.look(this.route.view, desk);
  }
  useLetters(on: boolean): void {
    this.lettersOn = on;
    remember("letters", on ? "on" : "off");
  }

  serviceOf(card: RequestCard): string {
    return card.service_name ? this.pick(card.service_name) : card.service;
  }
  deskOf(id: string | null): string {
    const name = this.desks.find((desk) => desk.id === id)?.name;
    return name ? this.pick(name) : (id ?? this.words.nobody);
  }
  /** A colleague by the name that people call them. */
  nameOf(login: string | null): string | null {
    if (login === null) return null;
    const people = this.desks.flatMap((desk) => desk.people);
    return people.find((person) => person.login === login)?.name ?? login;
  }

  async #enterIfIn(): Promise<void> {
    const { status, user } = this.visitor;
    if (status !== "in") return;
    if (user?.role === "fleet_admin") return location.replace("/duty/"); // nothing here is theirs
    this.stream.open();
    this.config = await this.api.config().catch(() => null);
    this.#arrive(this.route);
    await this.#reload();
  }

  #handlers() {
    return {
      hello: (said: { server_time_ms: number }) => {
        this.clock.hear(said.server_time_ms);
        void this.#reload();
      },
      requests: ({ ids }: { ids: string[] }) => {
        void this.inbox.refresh();
        void this.#countDesks();
        if (this.open.id !== null && ids.includes(this.open.id) && this.open.busy === null)
          void this.open.reload();
      },
      beat: (said: { server_time_ms: number }) => this.clock.hear(said.server_time_ms),
      resync: () => void this.#reload(),
    };
  }

  #tick(): void {
    this.#seconds += 1;
    this.stream.check();
    this.vault.tick();
    this.theming.at(hourOf(this.clock.now));
    const { status } = this.visitor;
    if (status === "unreachable" && this.#seconds % RETRY_S === 0)
      void this.visitor.restore().then(() => this.#enterIfIn());
    if (status !== "in") return;
    // What is due changes with the time alone.
    const isBad = this.inbox.status === "failed" || this.open.status === "failed";
    if (this.#seconds % RECONCILE_S === 0 || (isBad && this.#seconds % RETRY_S === 0)) void this.#reload();
  }

  async #reload(): Promise<void> {
    await Promise.all([this.inbox.refresh(), this.#countDesks(), this.open.reload()]);
  }

  async #countDesks(): Promise<void> {
    const answer = await this.calls.desks().catch(() => null);
    if (answer) this.desks = answer.desks;
  }

  #arrive(route: Route, panel: Verb | null = null): void {
    if (route.request !== this.route.request) this.vault.close();
    this.route = route;
    if (this.visitor.status !== "in") return;
    void this.inbox.look(route.view, this.desk);
    void this.open.show(route.request, panel);
  }

  #lost(): void {
    this.vault.forget();
    this.visitor.lost();
  }
}

const KEY = Symbol("office");
export const provideOffice = (office: Office): Office => setContext(KEY, office);
export const useOffice = (): Office => getContext<Office>(KEY);
