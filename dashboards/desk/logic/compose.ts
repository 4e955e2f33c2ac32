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

/**
 * What is sent, or the first field that is not filled in. A duplicate's code is not looked up here.
 * @param nowMs a time that has passed is no promise.
 */
export function compose(form: ActionForm, draft: Draft, nowMs: number): Filled | { missing: Parameter } {
  const filled: Filled = {};
  if (shows(form, "decision", draft)) {
    if (draft.decision === "") return { missing: "decision" };
    filled.decision = draft.decision;
  }
  if (shows(form, "reason", draft)) {
    const isNeeded = form.needs.includes("reason") || draft.decision === "denied";
    if (draft.reason === "" && isNeeded) return { missing: "reason" };
    if (draft.reason !== "") filled.reason = draft.reason;
  }
  if (shows(form, "wanted", draft)) {
    if (draft.wanted.length === 0) return { missing: "wanted" };
    filled.wanted = draft.wanted;
  }
  if (shows(form, "assignee", draft)) {
    if (draft.assignee === "") return { missing: "assignee" };
    filled.assignee = draft.assignee;
  }
  if (shows(form, "duplicate_of", draft) && draft.duplicateOf.trim() === "")
    return { missing: "duplicate_of" };
  if (shows(form, "new_due_ms", draft)) {
    const dueMs = closingMs(draft.newDay);
    if (dueMs === null || dueMs <= nowMs) return { missing: "new_due_ms" };
    filled.new_due_ms = dueMs;
  }
  if (shows(form, "slots", draft)) {
    const slots = slotsOf(draft, nowMs);
    if (slots === null) return { missing: "slots" };
    filled.slots = slots;
  }
  if (shows(form, "case_number", draft) && draft.caseNumber.trim())
    filled.case_number = draft.caseNumber.trim();
  if (shows(form, "note", draft) && draft.note.trim()) filled.note = draft.note.trim();
  return filled;
}

function slotsOf(draft: Draft, nowMs: number): [number, number][] | null {
  const found: [number, number][] = [];
  for (const { start, minutes } of draft.slots.filter((slot) => slot.start !== "")) {
    const startMs = momentMs(start);
    if (startMs === null || startMs <= nowMs) return null;
    found.push([startMs, startMs + minutes * 60_000]);
  }
  return found.length > 0 ? found : null;
}
