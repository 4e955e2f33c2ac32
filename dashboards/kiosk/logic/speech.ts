import type { LanguageCode } from "../../common/i18n/language.svelte";
import type { Row, Values, View, VitalKind } from "../api/types";
import type { Words } from "../words/vi";
import { besideFigures, mainFigure, type Figure } from "./figures";
import { sentenceOf } from "./sentences";

/**
 * What is read aloud when a screen appears. Health values are not: others may stand near. They are read when the
 * person asks to hear the screen again (EN 301 549, 5.1.3.9).
 */
export function spokenAtOnce(view: View, words: Words): string[] {
  const { title, hint } = sentenceOf(view, words);
  const { step } = view;
  if (step?.phase === "prepare") return [title, ...words.prepare[step.kind].steps];
  if (hasValues(view)) return [title, hint, words.result.listen];
  if (view.page === "consent")
    return [title, ...[words.consent.none, words.consent.keep, words.consent.share].map(joined)];
  return [title, hint];
}

/** What is read when it was asked for, values included. */
export function spokenOnDemand(view: View, words: Words, language: LanguageCode): string[] {
  if (!hasValues(view)) return spokenAtOnce(view, words);
  const { title } = sentenceOf(view, words);
  const { step, sheet } = view;
  if (step?.result) return [title, valuesSentence(step.kind, step.result.values, words, language)];
  const rows = sheet?.rows.map((row) => rowSentence(row, words, language)) ?? [];
  const warning = sheet?.news2?.is_high ? [words.sheet.highTitle, words.sheet.highText] : [];
  return [title, ...rows, ...warning];
}

const joined = ({ title, text }: { title: string; text: string }) => `${title}. ${text}`;

const hasValues = ({ step, sheet }: View) =>
  (step?.phase === "result" && step.result !== null) || (sheet?.rows.length ?? 0) > 0;

function rowSentence(row: Row, words: Words, language: LanguageCode): string {
  const doubt = row.is_doubtful ? ` ${words.sheet.doubtful}.` : "";
  const due = row.calibration_overdue ? ` ${words.sheet.calibrationOverdue}.` : "";
  return valuesSentence(row.kind, row.values, words, language) + doubt + due;
}

function valuesSentence(kind: VitalKind, values: Values, words: Words, language: LanguageCode): string {
  const beside = besideFigures(kind, values, language).map(
    (figure) => `${words.measure[figure.measure]}: ${figureWords(figure, words, language)}.`,
  );
  const main = figureWords(mainFigure(kind, values, language), words, language);
  return [`${words.kind[kind]}: ${main}.`, ...beside].join(" ");
}

const OVER: Record<LanguageCode, string> = { vi: " trên ", en: " over " };

function figureWords({ texts, unit }: Figure, words: Words, language: LanguageCode): string {
  const spoken = texts.map((text) => text ?? words.result.noValue).join(OVER[language]);
  return `${spoken} ${words.spokenUnit[unit]}`.trim();
}
