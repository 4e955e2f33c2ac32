import { getContext, setContext } from "svelte";
import { Cleaning } from "../../common/device/cleaning.svelte";
import { Pulse } from "../../common/device/pulse";
import { Language } from "../../common/i18n/language.svelte";
import { Theming } from "../../common/theme.svelte";
import { hourOf } from "../../common/time/ages";
import { Clock } from "../../common/time/clock.svelte";
import { ServiceApi } from "../api/client";
import type { Device, DeviceEdit, PairOrder, Scan, Tested } from "../api/types";
import { byUrgency } from "../logic/devices";
import { en } from "../words/en";
import { vi, type Words } from "../words/vi";
import { Door } from "./door.svelte";
import { PairingRun } from "./pairing.svelte";

const REFRESH_S = 5;

export type Target = Pick<PairOrder, "address"> & {
  readonly title: string;
  readonly kinds: Device["kinds"];
  readonly isSerial: boolean;
};

/** What lies over the list. */
export type Panel =
  | { readonly is: "scan" }
  | { readonly is: "pair"; readonly target: Target }
  | { readonly is: "edit" | "forget"; readonly device: Device };

/** The composition root of the technician's page. */
export class Service {
  readonly language = new Language<Words>({ vi, en }, false);
  readonly clock = new Clock();
  readonly theming = new Theming(hourOf(this.clock.now));
  readonly api = new ServiceApi();
  readonly door = new Door(this.api);
  readonly cleaning = new Cleaning();

  devices = $state.raw<readonly Device[] | null>(null);
  panel = $state.raw<Panel | null>(null);
  scan = $state.raw<Scan | "running" | "failed" | null>(null);
  tests = $state.raw<Readonly<Record<string, Tested | "running" | "failed">>>({});
  run = $state.raw<PairingRun | null>(null);
  hasFailed = $state(false);
  readonly #pulse = new Pulse(this.api.beat);
  #seconds = 0;

  get words(): Words {
    return this.language.words;
  }

  start(): () => void {
    void this.refresh();
    return this.clock.start(() => this.#tick());
  }

  async login(pin: string): Promise<boolean> {
    const isIn = await this.door.login(pin);
    if (isIn) await this.refresh();
    return isIn;
  }
  async logout(): Promise<void> {
    await this.door.logout();
    this.#forget();
  }

  async refresh(): Promise<void> {
    const devices = await this.#ask(() => this.api.devices());
    if (!devices) return;
    this.door.status = "in";
    this.devices = [...devices].sort(byUrgency);
  }

  async look(): Promise<void> {
    this.panel = { is: "scan" };
    this.scan = "running";
    this.scan = (await this.#ask(() => this.api.scan())) ?? "failed";
  }

  pair(target: Target): void {
    this.run = null;
    this.panel = { is: "pair", target };
  }
  async beginPairing(order: PairOrder): Promise<void> {
    this.run = new PairingRun(this.api, () => void this.refresh());
    await this.run.begin(order);
  }

  async test({ name }: Device): Promise<void> {
    this.tests = { ...this.tests, [name]: "running" };
    this.tests = { ...this.tests, [name]: (await this.#ask(() => this.api.test(name))) ?? "failed" };
    await this.refresh();
  }
  async change({ name }: Device, edit: DeviceEdit): Promise<void> {
    if (await this.#ask(() => this.api.change(name, edit))) this.close();
    await this.refresh();
  }
  async forget({ name }: Device): Promise<void> {
    if (await this.#ask(() => this.api.forget(name))) this.close();
    await this.refresh();
  }

  close(): void {
    this.run?.end();
    this.run = null;
    this.panel = null;
  }

  /** @returns undefined when it failed, and says so on the page. */
  async #ask<T>(asking: () => Promise<T>): Promise<T | undefined> {
    try {
      const answer = await asking();
      this.hasFailed = false;
      return answer;
    } catch (error) {
      if (this.door.isShutBy(error)) this.#forget();
      else this.hasFailed = true;
      return undefined;
    }
  }

  #tick(): void {
    this.#seconds += 1;
    this.cleaning.tick();
    this.#pulse.tick(this.cleaning.isOn ? "cleaning" : "service");
    this.theming.at(hourOf(this.clock.now));
    const isAsking = this.door.status === "in" || (this.door.status === "asking" && this.hasFailed);
    if (isAsking && this.panel === null && this.#seconds % REFRESH_S === 0) void this.refresh();
  }

  #forget(): void {
    this.close();
    this.devices = null;
    this.scan = null;
    this.tests = {};
  }
}

const KEY = Symbol("service");
export const provideService = (service: Service): Service => setContext(KEY, service);
export const useService = (): Service => getContext<Service>(KEY);
