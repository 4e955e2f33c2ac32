import type { LanguageCode } from "../../../common/i18n/language.svelte";
import { en } from "./en";
import { vi, type GuideWords } from "./vi";

/** The words of the guide, which come with its page and not before. */
export const guideWords: Readonly<Record<LanguageCode, GuideWords>> = { vi, en };
