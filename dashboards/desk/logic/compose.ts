import type { ActionForm, Filled, Parameter } from "../api/types";
import { closingMs, momentMs } from "./due";

/** What stands in the fields of a form, as people type it. */
export interface Draft {
  reason: string;
  note: string;
  wanted: string[];
  decision: "" | "granted" | "denied";
  duplicateOf: string;
  assignee: string;
  slots: { start: string; minutes: number }[];
  newDay: string;
  caseNumber: string;
}

export const MAX_SLOTS = 12;
export const emptyDraft = (newDay: string): Draft => ({
  reason: "",
  note: "",
  wanted: [],
  decision: "",
  duplicateOf: "",
  assignee: "",
  slots: [{ start: "", minutes: 30 }],
  newDay,
  caseNumber: "",
});

/** Whether a form shows a field: a reason belongs to what is denied, not to what is granted. */
export function shows(form: ActionForm, parameter: Parameter, draft: Draft): boolean {
  if (parameter === "reason" && form.action === "decide") return draft.decision === "denied";
  return form.needs.includes(parameter) || form.may.includes(parameter);
}

/** Whether one press is enough: there is nothing to fill in and nothing ends. */
export const isPlain = (form: ActionForm): boolean => form.needs.length === 0 && !form.is_end;

/** Takes one field from a draft; null: it is not filled in. A duplicate's code is looked up by whoever sends it. */
type Taker = (draft: Draft, nowMs: number) => Filled | null;

const TAKERS: Record<Parameter, Taker> = {
  decision: ({ decision }) => (decision === "" ? null : { decision }),
  reason: ({ reason }) => (reason === "" ? null : { reason }),
  wanted: ({ wanted }) => (wanted.length === 0 ? null : { wanted }),
  assignee: ({ assignee }) => (assignee === "" ? null : { assignee }),
  duplicate_of: ({ duplicateOf }) => (duplicateOf.trim() === "" ? null : {}),
  new_due_ms: ({ newDay }, nowMs) => {
    const dueMs = closingMs(newDay);
    return dueMs === null || dueMs <= nowMs ? null : { new_due_ms: dueMs };
  },
  slots: (draft, nowMs) => {
    const slots = slotsOf(draft, nowMs);
    return slots && { slots };
  },
  case_number: ({ caseNumber }) => (caseNumber.trim() === "" ? null : { case_number: caseNumber.trim() }),
  note: ({ note }) => (note.trim() === "" ? null : { note: note.trim() }),
};
const PARAMETERS = Object.keys(TAKERS) as Parameter[];

/**
 * What is sent, or the first field that is needed and not filled in.
 * @param nowMs a time that has passed is no promise.
 */
export function compose(form: ActionForm, draft: Draft, nowMs: number): Filled | { missing: Parameter } {
  const filled: Filled = {};
  for (const parameter of PARAMETERS.filter((each) => shows(form, each, draft))) {
    const taken = TAKERS[parameter](draft, nowMs);
    if (taken === null && isNeeded(form, parameter, draft)) return { missing: parameter };
    Object.assign(filled, taken);
  }
  return filled;
}

const isNeeded = (form: ActionForm, parameter: Parameter, draft: Draft): boolean =>
  form.needs.includes(parameter) || (parameter === "reason" && draft.decision === "denied");

function slotsOf(draft: Draft, nowMs: number): [number, number][] | null {
  const found: [number, number][] = [];
  for (const { start, minutes } of draft.slots.filter((slot) => slot.start !== "")) {
    const startMs = momentMs(start);
    if (startMs === null || startMs <= nowMs) return null;
    found.push([startMs, startMs + minutes * 60_000]);
  }
  return found.length > 0 ? found : null;
}
