export type Command = "next" | "previous" | "search" | "back" | "help";

/** The keys, in the order the help shows them. `Enter` needs no entry: a row of the list is a link. */
export const KEYS: readonly (readonly [key: string, command: Command])[] = [
  ["j", "next"],
  ["k", "previous"],
  ["/", "search"],
  ["?", "help"],
  ["Escape", "back"],
];
const COMMANDS = new Map(KEYS);

/** The part of a KeyboardEvent that matters here. */
export type Stroke = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "altKey" | "metaKey" | "isComposing">;

/** @param isTyping the focus is in a field: keys belong to it, only Escape leaves. */
export function commandFor(stroke: Stroke, isTyping: boolean, lettersOn: boolean): Command | null {
  if ([stroke.ctrlKey, stroke.altKey, stroke.metaKey, stroke.isComposing].includes(true)) return null;
  const command = COMMANDS.get(letterOf(stroke)) ?? null;
  if (command === null || command === "back") return command;
  return isTyping || !lettersOn ? null : command;
}

/** Whether keys pressed now belong to a field. */
export const isField = (element: Element | null): boolean =>
  element !== null &&
  element.matches("input:not([type=radio], [type=checkbox], [type=file]), textarea, select");

/** A Vietnamese input method may hide the letter behind `Process`; the key's place still tells it. */
function letterOf({ key, code }: Stroke): string {
  if (key === "Process") return code.replace("Key", "").toLowerCase();
  return key.length === 1 ? key.toLowerCase() : key;
}
