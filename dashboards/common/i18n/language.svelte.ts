import { recall, remember } from "../device/memory";

export type LanguageCode = "vi" | "en";

/** The catalogue in use. */
export class Language<Words> {
  code = $state<LanguageCode>("vi");
  #catalogues = $state.raw<Record<LanguageCode, Words>>() as Record<LanguageCode, Words>;

  /** @param isRemembered whether the choice is this workstation's; at a public screen it goes with the person. */
  constructor(
    catalogues: Record<LanguageCode, Words>,
    readonly isRemembered = true,
  ) {
    this.#catalogues = catalogues;
    this.choose(isRemembered ? recall("language", ["vi", "en"], "vi") : "vi");
  }
  get words(): Words {
    return this.#catalogues[this.code];
  }
  /** A catalogue that came after the page. */
  add(code: LanguageCode, words: Words): void {
    this.#catalogues = { ...this.#catalogues, [code]: words };
  }
  switch(): void {
    this.choose(this.code === "vi" ? "en" : "vi");
    if (this.isRemembered) remember("language", this.code);
  }
  choose(code: LanguageCode): void {
    this.code = code;
    document.documentElement.lang = code;
  }
}
