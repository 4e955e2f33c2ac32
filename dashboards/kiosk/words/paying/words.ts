import type { LanguageCode } from "../../../common/i18n/language.svelte";
import { en } from "./en";
import { vi, type PayingWords } from "./vi";

/** The words of paying, which come with its pages and not before. */
export const payingWords: Readonly<Record<LanguageCode, PayingWords>> = { vi, en };
