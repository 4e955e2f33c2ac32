import type { Hop, HopName, IncidentState } from "../../common/api/types";

/** The way of an SOS from the button to the person who comes. `person_informed` has no fixed place in it. */
const WAY: readonly HopName[] = [
  "pressed",
  "recorded",
  "received",
  "committed",
  "on_console",
  "acknowledged",
  "dispatched",
  "on_scene",
  "resolved",
];
/** Hops that a case may rightly leave out: nobody drives out for a false press. */
const OPTIONAL: readonly HopName[] = ["dispatched", "on_scene"];

/** done: it has a time. gap: a later hop has one, this has none. waiting: the next to come. ahead: not yet. */
export type HopStatus = "done" | "gap" | "waiting" | "ahead";
export interface HopRow {
  readonly hop: HopName;
  readonly status: HopStatus;
  readonly atMs: number | null;
  /** Since the previous hop. */
  readonly afterMs: number | null;
  readonly late: boolean;
}

/** The custody line as it is drawn: what happened in the order it happened, with the holes shown and the next step. */
export function custodyLine(hops: readonly Hop[], state: IncidentState): HopRow[] {
  const known = new Set(hops.map(({ hop }) => hop));
  const last = Math.max(-1, ...hops.map(({ hop }) => WAY.indexOf(hop)));
  const gaps = WAY.slice(0, Math.max(0, last)).filter((hop) => !known.has(hop) && !isLeftOut(hop, state));
  const rows = withGaps(hops, gaps);
  if (state !== "resolved") rows.push(...toCome(WAY.slice(last + 1)));
  if (!known.has("person_informed")) rows.push(blank("person_informed", informedStatus(state)));
  return rows;
}

/** Hops beside the officers' steps: they end nobody's waiting. */
const BESIDE: readonly HopName[] = ["on_console", "person_informed"];

/** Since when the next step is waited for; null when nothing is known yet. */
export const waitingSince = (hops: readonly Hop[]): number | null =>
  hops.findLast(({ hop }) => !BESIDE.includes(hop))?.at_ms ?? null;

export const hasGap = (rows: readonly HopRow[]) => rows.some((row) => row.status === "gap" || row.late);

const isLeftOut = (hop: HopName, state: IncidentState) => state === "resolved" && OPTIONAL.includes(hop);

function withGaps(hops: readonly Hop[], gaps: readonly HopName[]): HopRow[] {
  const left = [...gaps];
  const rows: HopRow[] = [];
  for (const hop of hops) {
    while (left[0] && WAY.indexOf(left[0]) < WAY.indexOf(hop.hop))
      rows.push(blank(left.shift() as HopName, "gap"));
    rows.push({ hop: hop.hop, status: "done", atMs: hop.at_ms, afterMs: hop.after_ms, late: hop.late });
  }
  return rows;
}

const toCome = (hops: readonly HopName[]) =>
  hops.map((hop, index) => blank(hop, index === 0 ? "waiting" : "ahead"));

function informedStatus(state: IncidentState): HopStatus {
  if (state === "new") return "ahead";
  return state === "resolved" ? "gap" : "waiting";
}

const blank = (hop: HopName, status: HopStatus): HopRow => ({
  hop,
  status,
  atMs: null,
  afterMs: null,
  late: false,
});
