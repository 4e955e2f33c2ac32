import type { LanguageCode } from "../../../common/i18n/language.svelte";
import { en } from "./en";
import { vi, type ServicesWords } from "./vi";

/** The words of the services, which come with their screens and not before. */
export const servicesWords: Readonly<Record<LanguageCode, ServicesWords>> = { vi, en };
