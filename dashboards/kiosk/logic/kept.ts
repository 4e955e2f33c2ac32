import type { ConsentScope, Sheet, View } from "../api/types";

export type KeptState = "none" | "saving" | "failed" | "withdrawn";

/** What may be said of the keeping: a scope only when the disk has all of it. */
export function keptState(view: View, sheet: Sheet): ConsentScope | KeptState {
  if (sheet.trouble !== null) return "failed";
  if (sheet.is_withdrawn) return "withdrawn";
  if (sheet.kept !== null) return sheet.kept;
  return view.consent !== null && sheet.rows.length > 0 ? "saving" : "none";
}
