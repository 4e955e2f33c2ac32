import type { Language } from "../../common/i18n/language.svelte";
import { spokenIdentity } from "../logic/identity/speech";
import { servicesKey } from "../logic/services/screens";
import { spokenAtOnce, spokenOnDemand } from "../logic/speech";
import type { Words } from "../words/vi";
import type { Cabin } from "./cabin.svelte";
import type { Guide } from "./guide.svelte";
import type { Identity } from "./identity.svelte";
import type { Paying } from "./paying.svelte";
import type { Services } from "./services.svelte";
import type { Voice } from "./voice.svelte";

/** As much of the screen as is read aloud. */
interface Shown {
  readonly front: Cabin | Identity | Services;
  readonly cabin: Pick<Cabin, "view">;
  readonly identity: Pick<Identity, "view">;
  readonly services: Pick<Services, "view">;
  readonly paying: Pick<Paying, "view" | "isOpen">;
  readonly guide: Pick<Guide, "turn">;
  readonly isGuided: boolean;
  readonly language: Language<Words>;
  readonly voice: Voice;
}

/** Reads what is in front aloud, in the language of the screen. */
export class Reader {
  constructor(readonly shown: Shown) {}

  /** @param isAsked the person wants to hear it, so that values may be heard too. */
  say(isAsked = false): void {
    const { front, identity, services } = this.shown;
    if (front === identity) this.#sayIdentity();
    else if (this.shown.isGuided) void this.#sayGuide();
    else if (front === services && this.shown.paying.isOpen) void this.#sayPaying();
    else if (front === services) void this.#sayServices(isAsked);
    else this.#sayCabin(isAsked);
  }

  #sayIdentity(): void {
    const { view } = this.shown.identity;
    if (view) this.#speak(spokenIdentity(view, this.shown.language.words));
  }

  #sayCabin(isAsked: boolean): void {
    const { cabin, language } = this.shown;
    if (!cabin.view) return;
    if (isAsked) this.#speak(spokenOnDemand(cabin.view, language.words, language.code));
    else this.#speak(spokenAtOnce(cabin.view, language.words));
  }

  /** Their words come with their screens. What is no longer in front by then is not read. */
  async #sayServices(isAsked: boolean): Promise<void> {
    const { services, language } = this.shown;
    const { view } = services;
    const speech = await import("../logic/services/speech").catch(() => null);
    const isShown = view && services.view && servicesKey(services.view) === servicesKey(view);
    if (!isShown || !speech || this.shown.front !== services) return;
    this.#speak(speech.spokenServices(view, { code: language.code, words: language.words }, isAsked));
  }

  async #sayPaying(): Promise<void> {
    const { view } = this.shown.paying;
    const speech = await import("../logic/paying").catch(() => null);
    if (view && speech && this.shown.paying.view === view)
      this.#speak(speech.spokenPaying(view, this.shown.language.code));
  }

  /** What was typed is never read: others may stand near. */
  async #sayGuide(): Promise<void> {
    const { turn } = this.shown.guide;
    const speech = await import("../logic/guide/speech").catch(() => null);
    if (!turn || !speech || !this.shown.isGuided || this.shown.guide.turn !== turn) return;
    this.#speak(speech.spokenGuide(turn, this.shown.language.code));
  }

  #speak(sentences: readonly string[]): void {
    this.shown.voice.say(sentences, this.shown.language.code);
  }
}
