import type { LanguageCode } from "../../../common/i18n/language.svelte";
import type { Told } from "../../api/services";

/** @returns a text of the catalogue in the language of the screen; nothing for none. */
export const told = (text: Told | null | undefined, language: LanguageCode): string => text?.[language] ?? "";
