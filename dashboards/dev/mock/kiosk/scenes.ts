import type {
  Action,
  Flag,
  Offer,
  Phase,
  Reading,
  Row,
  Sheet,
  Step,
  View,
  VitalKind,
} from "../../../kiosk/api/types.ts";
import { TROUBLES, VITAL_KINDS } from "../../../kiosk/api/types.ts";

const SECONDS: Record<VitalKind, number> = {
  "blood-pressure": 180,
  oxygen: 40,
  temperature: 30,
  "heart-rate": 45,
  weight: 30,
  height: 30,
  glucose: 90,
};

/** Invented readings; what one device tells at once stands together. */
export const SAMPLE: Record<VitalKind, Record<string, number>> = {
  "blood-pressure": {
    "systolic-pressure": 128,
    "diastolic-pressure": 82,
    "mean-arterial-pressure": 97,
    "pulse-rate": 74,
  },
  oxygen: { "oxygen-saturation": 97, "pulse-rate": 73, "perfusion-index": 4.2 },
  temperature: { "body-temperature": 36.6 },
  "heart-rate": { "pulse-rate": 75 },
  weight: { "body-weight": 61.4, "body-mass-index": 23.1, "body-fat": 27.5 },
  height: { "body-height": 163 },
  glucose: { glucose: 5.6 },
};

export const OFFERS: Offer[] = VITAL_KINDS.map((kind) => ({
  kind,
  readiness: kind === "glucose" ? "missing" : kind === "temperature" ? "asleep" : "ready",
  seconds: SECONDS[kind],
}));

export const EMPTY: View = {
  version: 1,
  page: "choose",
  offers: OFFERS,
  actions: ["begin"],
  chosen: [],
  consent: null,
  step: null,
  sheet: null,
  idle: null,
  is_bound: false,
};

const PHASE_ACTIONS: Record<Phase, Action[]> = {
  prepare: ["start", "skip", "back"],
  waiting: ["stop", "skip"],
  measuring: ["stop", "skip"],
  rest: ["stop", "skip"],
  result: ["next", "repeat"],
  trouble: ["repeat", "skip"],
  entry: ["enter", "skip"],
};

export const actionsIn = (phase: Phase): Action[] => PHASE_ACTIONS[phase];

export function stepOf(kind: VitalKind, phase: Phase, more: Partial<Step> = {}): Step {
  return {
    kind,
    number: 1,
    of: 5,
    phase,
    reading: 1,
    readings: kind === "blood-pressure" ? 2 : 1,
    live: null,
    countdown_s: null,
    trouble: null,
    result: null,
    is_doubtful: false,
    ...more,
  };
}

const inStep = (kind: VitalKind, phase: Phase, more: Partial<Step> = {}): View => ({
  ...EMPTY,
  page: "step",
  actions: actionsIn(phase),
  step: stepOf(kind, phase, more),
});

const reading = (kind: VitalKind, flags: Flag[] = []): Reading => ({ values: SAMPLE[kind], flags });

export const rowOf = (kind: VitalKind, readings: Reading[], isDoubtful = false): Row => ({
  kind,
  values: readings.at(-1)?.values ?? {},
  flags: readings.at(-1)?.flags ?? [],
  readings,
  is_doubtful: isDoubtful,
  calibration_overdue: isDoubtful,
});

const MEASURED: VitalKind[] = ["blood-pressure", "oxygen", "temperature", "weight", "height"];

export const SHEET: Sheet = {
  at_ms: Date.UTC(2026, 10, 22, 2, 15),
  rows: MEASURED.map((kind) =>
    rowOf(kind, kind === "blood-pressure" ? [reading(kind), reading(kind)] : [reading(kind)]),
  ),
  skipped: ["heart-rate"],
  news2: { at_least: 0, missing: ["respiration-rate", "consciousness"], is_high: false },
  kept: "share",
  is_withdrawn: false,
  trouble: null,
};

const sheet = (more: Partial<Sheet>, actions: Action[] = ["finish", "withdraw"]): View => ({
  ...EMPTY,
  consent: more.kept === undefined ? SHEET.kept : more.kept,
  page: "sheet",
  actions,
  sheet: { ...SHEET, ...more },
});

const HIGH_ROWS: Row[] = [
  rowOf(
    "blood-pressure",
    [
      {
        values: { "systolic-pressure": 88, "diastolic-pressure": 54, "pulse-rate": 124 },
        flags: ["irregular-pulse"],
      },
    ],
    true,
  ),
  rowOf("oxygen", [{ values: { "oxygen-saturation": 90, "pulse-rate": 126 }, flags: ["weak-signal"] }]),
  rowOf("temperature", [{ values: { "body-temperature": 39.2 }, flags: [] }]),
];

/** Every screen there is, ready to be looked at; the names are those of `/mock/kiosk/scene?value=...`. */
export const SCENES: Record<string, View> = {
  choose: EMPTY,
  "choose-none": {
    ...EMPTY,
    actions: [],
    offers: OFFERS.map((offer) => ({ ...offer, readiness: "missing" })),
  },
  consent: { ...EMPTY, page: "consent", actions: ["consent", "back"], chosen: MEASURED },
  "consent-bound": {
    ...EMPTY,
    page: "consent",
    actions: ["consent", "back"],
    chosen: MEASURED,
    is_bound: true,
  },
  ...Object.fromEntries(VITAL_KINDS.map((kind) => [`prepare-${kind}`, inStep(kind, "prepare")])),
  "prepare-height": { ...inStep("height", "prepare"), actions: ["start", "skip", "enter", "back"] },
  waiting: inStep("temperature", "waiting", { number: 3 }),
  "measuring-cuff": inStep("blood-pressure", "measuring", {
    live: { values: { "cuff-pressure": 132 }, signal: null, progress: null, flags: [] },
  }),
  "measuring-wave": inStep("oxygen", "measuring", {
    number: 2,
    live: { values: { "oxygen-saturation": 97, "pulse-rate": 73 }, signal: 0.8, progress: 0.6, flags: [] },
  }),
  "measuring-weak": inStep("oxygen", "measuring", {
    number: 2,
    live: { values: {}, signal: 0.2, progress: 0.1, flags: ["motion"] },
  }),
  "measuring-ring": inStep("weight", "measuring", {
    number: 4,
    live: { values: {}, signal: null, progress: 0.45, flags: [] },
  }),
  "measuring-still": inStep("temperature", "measuring", { number: 3 }),
  rest: inStep("blood-pressure", "rest", { countdown_s: 42, reading: 2 }),
  result: inStep("blood-pressure", "result", { reading: 2, result: reading("blood-pressure") }),
  "result-doubt": inStep("blood-pressure", "result", {
    reading: 3,
    readings: 3,
    is_doubtful: true,
    result: reading("blood-pressure", ["divergent", "motion", "irregular-pulse"]),
  }),
  "result-weight": inStep("weight", "result", { number: 4, result: reading("weight") }),
  "result-no-value": inStep("oxygen", "result", {
    number: 2,
    is_doubtful: true,
    result: { values: {}, flags: ["weak-signal"] },
  }),
  ...Object.fromEntries(
    TROUBLES.map((trouble) => [`trouble-${trouble}`, inStep("blood-pressure", "trouble", { trouble })]),
  ),
  entry: inStep("height", "entry", { number: 5 }),
  sheet: sheet({}),
  "sheet-full": sheet({
    rows: VITAL_KINDS.map((kind) => rowOf(kind, [reading(kind, ["motion", "untimed"])], true)),
    skipped: [],
    kept: "keep",
  }),
  "sheet-high": sheet(
    {
      rows: HIGH_ROWS,
      skipped: ["weight", "height"],
      news2: { at_least: 9, missing: ["respiration-rate", "consciousness"], is_high: true },
      kept: null,
    },
    ["finish"],
  ),
  "sheet-empty": sheet({ rows: [], skipped: MEASURED, news2: null, kept: null }, ["finish"]),
  "sheet-saving": { ...sheet({ kept: null }, ["finish", "withdraw"]), consent: "keep" },
  "sheet-not-recorded": sheet({ kept: null, trouble: "not-recorded" }, ["finish"]),
  "sheet-bound": { ...sheet({}), is_bound: true },
  "sheet-withdrawn": sheet({ is_withdrawn: true }, ["finish"]),
  idle: { ...sheet({}, ["finish", "withdraw", "extend"]), idle: { seconds_left: 12 } },
  farewell: { ...EMPTY, page: "farewell", actions: [] },
};
