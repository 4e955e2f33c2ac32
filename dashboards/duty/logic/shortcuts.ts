export type Command =
  | "next"
  | "previous"
  | "acknowledge"
  | "dispatch"
  | "on_scene"
  | "resolve"
  | "reopen"
  | "hand_over"
  | "note"
  | "bell"
  | "help"
  | "back";

/** The keys, in the order the help shows them. `Enter` needs no entry: a row of the board is a link. */
export const KEYS: readonly (readonly [key: string, command: Command])[] = [
  ["j", "next"],
  ["k", "previous"],
  ["a", "acknowledge"],
  ["d", "dispatch"],
  ["s", "on_scene"],
  ["r", "resolve"],
  ["o", "reopen"],
  ["h", "hand_over"],
  ["n", "note"],
  ["b", "bell"],
  ["?", "help"],
  ["Escape", "back"],
];
const COMMANDS = new Map(KEYS);
/** Commands that a key held down may repeat. */
const WALKS: ReadonlySet<Command> = new Set(["next", "previous"]);

/** The part of a KeyboardEvent that matters here. */
export type Stroke = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "altKey" | "metaKey" | "isComposing" | "repeat"
>;

/**
 * @param isTyping the focus is in a field: letters belong to it, only Escape leaves.
 * @param lettersOn the officer has not switched one-letter keys off (WCAG 2.1.4).
 */
export function commandFor(stroke: Stroke, isTyping: boolean, lettersOn: boolean): Command | null {
  if ([stroke.ctrlKey, stroke.altKey, stroke.metaKey, stroke.isComposing].includes(true)) return null;
  const command = COMMANDS.get(letterOf(stroke)) ?? null;
  if (command === null || command === "back") return command;
  if (isTyping || !lettersOn) return null;
  return stroke.repeat && !WALKS.has(command) ? null : command;
}

/** A Vietnamese input method may hide the letter behind `Process`; the key's place still tells it. */
function letterOf({ key, code }: Stroke): string {
  if (key === "Process" || key === "Unidentified") return code.replace("Key", "").toLowerCase();
  return key.length === 1 ? key.toLowerCase() : key;
}

/** Whether keys pressed now belong to a field. */
export function isField(element: Element | null): boolean {
  return element !== null && element.matches("input:not([type=radio], [type=checkbox]), textarea, select");
}
