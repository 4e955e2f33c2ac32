import { dayOf } from "../../common/time/ages";
import type { Choice, Name, RequestEvent } from "../api/types";
import type { Words } from "../words/vi";

interface Names {
  pick: (name: Name) => string;
  nameOf: (login: string) => string;
  documents: readonly Choice[];
}

/** What stands with an event, each a sentence: reason, papers, message, new date, colleague. */
export function detailsOf({ data, reason }: RequestEvent, words: Words, names: Names): string[] {
  const lines: string[] = [];
  if (reason) lines.push(words.event.reason(names.pick(reason)));
  else if (typeof data.reason === "string") lines.push(words.event.reason(data.reason));
  if (Array.isArray(data.wanted))
    lines.push(words.event.wanted(data.wanted.map((id) => wantedIn(String(id), words, names)).join(", ")));
  if (data.decision === "granted" || data.decision === "denied") lines.push(words.decision[data.decision]);
  if (typeof data.assignee === "string") lines.push(words.event.to(names.nameOf(data.assignee)));
  if (typeof data.new_due_ms === "number") lines.push(words.event.newDate(dayOf(data.new_due_ms)));
  if (typeof data.note === "string") lines.push(words.event.note(data.note));
  return lines;
}

function wantedIn(id: string, words: Words, { documents, pick }: Names): string {
  const paper = documents.find((each) => each.id === id);
  if (paper) return pick(paper.label);
  const generic: Record<string, string> = words.wanted;
  return generic[id] ?? id;
}
