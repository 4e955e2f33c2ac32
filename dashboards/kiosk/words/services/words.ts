import type { LanguageCode } from "../../../common/i18n/language.svelte";
import { en as draftsEn } from "./drafts-en";
import { vi as draftsVi, type DraftWords } from "./drafts-vi";
import { en } from "./en";
import { en as papersEn } from "./papers-en";
import { vi as papersVi, type PapersWords } from "./papers-vi";
import { vi, type ServicesWords } from "./vi";

/** The words of the services, which come with their screens and not before. */
export const servicesWords: Readonly<Record<LanguageCode, ServicesWords>> = { vi, en };

/** The words of drafts, likewise. */
export const draftWords: Readonly<Record<LanguageCode, DraftWords>> = { vi: draftsVi, en: draftsEn };

/** The words of pictures, likewise. */
export const papersWords: Readonly<Record<LanguageCode, PapersWords>> = { vi: papersVi, en: papersEn };
