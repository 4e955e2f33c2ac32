import type { Words } from "../words/vi";

type Name = keyof Words["sheet"]["missingName"];

/** What NEWS2 could not take into account, in words; names that this page does not know become one "others". */
export function missingWords(missing: readonly string[], words: Words): string {
  const names: Readonly<Record<string, string>> = words.sheet.missingName;
  const known = missing.map((each) => names[each] ?? words.sheet.missingName["other" satisfies Name]);
  return [...new Set(known)].join(", ");
}
