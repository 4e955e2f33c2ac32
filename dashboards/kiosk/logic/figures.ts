import type { LanguageCode } from "../../common/i18n/language.svelte";
import type { Values, VitalKind } from "../api/types";

type Unit = "mm[Hg]" | "/min" | "%" | "Cel" | "kg" | "cm" | "kg/m2" | "mmol/L";

/** Units of wire.measures, and how many decimals are honest on a screen. */
const MEASURES = {
  "systolic-pressure": { unit: "mm[Hg]", decimals: 0 },
  "diastolic-pressure": { unit: "mm[Hg]", decimals: 0 },
  "pulse-rate": { unit: "/min", decimals: 0 },
  "oxygen-saturation": { unit: "%", decimals: 0 },
  "body-temperature": { unit: "Cel", decimals: 1 },
  "body-weight": { unit: "kg", decimals: 1 },
  "body-height": { unit: "cm", decimals: 1, isRound: true },
  "body-mass-index": { unit: "kg/m2", decimals: 1 },
  "body-fat": { unit: "%", decimals: 1 },
  glucose: { unit: "mmol/L", decimals: 1 },
} as const satisfies Record<string, { unit: Unit; decimals: number; isRound?: true }>;

export type ShownMeasure = keyof typeof MEASURES;

/** Which measures are the answer, and which stand beside it; what is not named here is for doctors. */
const SHOWN: Record<VitalKind, { main: readonly ShownMeasure[]; beside: readonly ShownMeasure[] }> = {
  "blood-pressure": { main: ["systolic-pressure", "diastolic-pressure"], beside: ["pulse-rate"] },
  oxygen: { main: ["oxygen-saturation"], beside: ["pulse-rate"] },
  temperature: { main: ["body-temperature"], beside: [] },
  "heart-rate": { main: ["pulse-rate"], beside: [] },
  weight: { main: ["body-weight"], beside: ["body-mass-index", "body-fat"] },
  height: { main: ["body-height"], beside: [] },
  glucose: { main: ["glucose"], beside: [] },
};

/** One figure as it stands on the screen; `texts` are two for a blood pressure, and null is "no value", never 0. */
export interface Figure {
  readonly measure: ShownMeasure;
  readonly unit: Unit;
  readonly texts: readonly (string | null)[];
}

export const mainFigure = (kind: VitalKind, values: Values, language: LanguageCode): Figure =>
  figure(SHOWN[kind].main, values, language);

/** What else the device told, and nothing that it did not. */
export const besideFigures = (kind: VitalKind, values: Values, language: LanguageCode): Figure[] =>
  SHOWN[kind].beside
    .filter((measure) => values[measure] !== undefined)
    .map((measure) => figure([measure], values, language));

function figure(measures: readonly ShownMeasure[], values: Values, language: LanguageCode): Figure {
  const measure = measures[0] as ShownMeasure;
  return {
    measure,
    unit: MEASURES[measure].unit,
    texts: measures.map((each) => written(values[each], decimalsOf(each, values[each]), language)),
  };
}

/** A height is mostly told in whole centimetres. */
function decimalsOf(measure: ShownMeasure, value: number | undefined): number {
  const { decimals, ...more } = MEASURES[measure];
  return "isRound" in more && Number.isInteger(value) ? 0 : decimals;
}

function written(value: number | undefined, decimals: number, language: LanguageCode): string | null {
  if (value === undefined) return null;
  const text = value.toFixed(decimals);
  return language === "vi" ? text.replace(".", ",") : text;
}
