import { NEVER_SENT, type FieldView, type IdentityView, type PurposeView } from "../../api/identity";

const KEPT_HERE: readonly string[] = NEVER_SENT;

/** @returns whether a field can go to anybody at all. */
export const isSendable = ({ field }: Pick<FieldView, "field">): boolean => !KEPT_HERE.includes(field);

/** @returns whether fields themselves are given, so that each can be left out: sealed, or to what is being filled in. */
export const givesFields = (purpose: PurposeView | null): boolean =>
  purpose?.gives === "sealed" || purpose?.gives === "prefill";

/** How many fields would be given. */
export const sentCount = (fields: readonly FieldView[]): number =>
  fields.filter((each) => isSendable(each) && !each.is_removed).length;

/** What stands where a field could be taken out: a button, why there is none, or nothing. */
export type Taking = "remove" | "restore" | "needed" | "only-shown" | "none";

export function takingOf(row: FieldView, { actions, purpose }: IdentityView): Taking {
  if (!givesFields(purpose)) return "none";
  if (!isSendable(row)) return "only-shown";
  if (row.is_needed) return "needed";
  const action = row.is_removed ? "restore" : "remove";
  return actions.includes(action) ? action : "none";
}
