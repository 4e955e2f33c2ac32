import { recall, remember } from "../device/memory";

export type LanguageCode = "vi" | "en";

/** The catalogue in use. Both are in the page: switching needs no network at 3 a.m. */
export class Language<Words> {
  code = $state<LanguageCode>(recall("language", ["vi", "en"], "vi"));
  readonly #catalogues: Record<LanguageCode, Words>;

  constructor(catalogues: Record<LanguageCode, Words>) {
    this.#catalogues = catalogues;
    document.documentElement.lang = this.code;
  }
  get words(): Words {
    return this.#catalogues[this.code];
  }
  switch(): void {
    this.code = this.code === "vi" ? "en" : "vi";
    remember("language", this.code);
    document.documentElement.lang = this.code;
  }
}
