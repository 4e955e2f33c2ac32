import type { LanguageCode } from "../i18n/language.svelte";
import { en } from "./requests-en";
import { vi, type RequestState, type RequestWords } from "./requests-vi";

export type { RequestState, RequestWords };

export const requestWords: Readonly<Record<LanguageCode, RequestWords>> = { vi, en };

/** @returns a text under a key that came over the wire; null for one that has no words here. */
export function wordsOf<T>(texts: Readonly<Record<string, T>>, key: string): T | null {
  return Object.hasOwn(texts, key) ? (texts[key] ?? null) : null;
}
