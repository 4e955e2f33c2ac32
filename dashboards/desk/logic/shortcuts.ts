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
  if (stroke.ctrlKey || stroke.altKey || stroke.metaKey || stroke.isComposing) return null;
  const key = stroke.key === "Process" ? stroke.code.replace("Key", "").toLowerCase() : stroke.key;
  const command = COMMANDS.get(key.length === 1 ? key.toLowerCase() : key) ?? null;
  if (command === null || command === "back") return command;
  return isTyping || !lettersOn ? null : command;
}

/** Whether keys pressed now belong to a field. */
export const isField = (element: Element | null): boolean =>
  element !== null &&
  element.matches("input:not([type=radio], [type=checkbox], [type=file]), textarea, select");
