import type { Found, Kept, Resume } from "../../../kiosk/api/services.ts";

/** The code that the virtual station gives out, and the only one that opens what it keeps. */
export const DRAFT_CODE = "K7QM-3VXPW-2HFD";
const UNTIL_MS = Date.UTC(2026, 11, 4, 2, 15);

export const KEPT: Kept = { code: DRAFT_CODE, until_ms: UNTIL_MS };
export const KEPT_BY_CARD: Kept = { code: "", until_ms: UNTIL_MS };

export const RESUME: Resume = {
  fault: null,
  seconds_left: null,
  by_card: ["temporary-residence", "permanent-residence", "temporary-absence", "birth", "judicial-record"],
};

export const FOUND: Found = { answered: 6, anew: [], is_changed: false, until_ms: UNTIL_MS };
export const FOUND_CHANGED: Found = {
  ...FOUND,
  answered: 4,
  is_changed: true,
  anew: [
    { vi: "Dự định ở bao nhiêu tháng?", en: "How many months do you intend to stay?" },
    { vi: "Chỗ ở này là của ai?", en: "Whose place is it?" },
  ],
};

/** @returns what the station says of a typed code: a fault, or null where it opens the draft. */
export function faultOfCode(typed: string, isKept: boolean): Resume["fault"] {
  const code = typed.toUpperCase().replace(/[^A-Z0-9]/g, "");
  if (/[ILO01]/.test(code)) return "mistyped";
  return isKept && code === DRAFT_CODE.replaceAll("-", "") ? null : "unknown";
}
