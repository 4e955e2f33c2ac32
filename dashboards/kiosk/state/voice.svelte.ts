import type { LanguageCode } from "../../common/i18n/language.svelte";
import { speechUrl } from "../api/client";

/** As much of an audio element as the voice needs. */
export interface Player {
  src: string;
  onended: (() => void) | null;
  onerror: (() => void) | null;
  play(): Promise<void>;
  pause(): void;
}

/** Reads sentences aloud, one after another and never two at once. A voice that fails is silent, nothing more. */
export class Voice {
  isMuted = $state(false);
  readonly #player: Player;
  #waiting: string[] = [];

  constructor(player: () => Player = () => new Audio() as unknown as Player) {
    this.#player = player();
    this.#player.onended = () => this.#next();
    this.#player.onerror = () => this.#next();
  }

  /** Ends what is being said and says these instead; nothing while muted. */
  say(sentences: readonly string[], language: LanguageCode): void {
    this.hush();
    if (this.isMuted) return;
    this.#waiting = sentences.map((text) => speechUrl(language, text));
    this.#next();
  }

  hush(): void {
    this.#waiting = [];
    this.#player.pause();
  }

  mute(isMuted: boolean): void {
    this.isMuted = isMuted;
    if (isMuted) this.hush();
  }

  #next(): void {
    const [url, ...rest] = this.#waiting;
    this.#waiting = rest;
    if (url === undefined) return;
    this.#player.src = url;
    // Refused (no voice, no permission to sound) or overtaken by the next sentence: `onerror` tells the former.
    this.#player.play().catch(() => undefined);
  }
}
