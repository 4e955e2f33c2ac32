import { NEVER_SENT, type FieldView, type IdentityView } from "../../api/identity";

const KEPT_HERE: readonly string[] = NEVER_SENT;

/** @returns whether a field can go to anybody at all. */
export const isSendable = ({ field }: Pick<FieldView, "field">): boolean => !KEPT_HERE.includes(field);

/** How many fields would leave the station, sealed. */
export const sentCount = (fields: readonly FieldView[]): number =>
  fields.filter((each) => isSendable(each) && !each.is_removed).length;

/** What stands where a field could be taken out: a button, why there is none, or nothing. */
export type Taking = "remove" | "restore" | "needed" | "only-shown" | "none";

export function takingOf(row: FieldView, { actions, purpose }: IdentityView): Taking {
  if (purpose?.gives !== "sealed") return "none";
  if (!isSendable(row)) return "only-shown";
  if (row.is_needed) return "needed";
  const action = row.is_removed ? "restore" : "remove";
  return actions.includes(action) ? action : "none";
}
