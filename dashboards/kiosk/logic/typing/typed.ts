import { telex } from "./telex";

/** Where capitals come by themselves. */
export type Case = "names" | "sentences" | "capitals";

export interface Typed {
  readonly text: string;
  readonly caret: number;
}

export interface Typing {
  readonly isTelex: boolean;
  readonly case: Case;
  /** Characters, as the station counts them. */
  readonly max: number;
}

const LETTER = /\p{L}/u;
const LAST_WORD = /\p{L}*$/u;
const PRINTABLE = /^[^\p{C}]$/u;

export const isTypedKey = (key: string): boolean => PRINTABLE.test(key);

/** @returns the text after one key: a character, `Backspace` or `Enter`; unchanged where there is no room. */
export function typed(before: Typed, key: string, typing: Typing): Typed {
  if (key === "Backspace") return erased(before);
  const head = before.text.slice(0, before.caret);
  const tail = before.text.slice(before.caret);
  const grown = grownBy(head, key === "Enter" ? "\n" : key, typing);
  const text = grown + tail;
  return [...text].length > typing.max ? before : { text, caret: grown.length };
}

function erased({ text, caret }: Typed): Typed {
  const head = [...text.slice(0, caret)].slice(0, -1).join("");
  return { text: head + text.slice(caret), caret: head.length };
}

function grownBy(head: string, key: string, { isTelex, case: mode }: Typing): string {
  const typedKey = isUpper(head, mode) ? key.toUpperCase() : key;
  if (!isTelex || !/^[a-z]$/i.test(typedKey)) return head + typedKey;
  const word = LAST_WORD.exec(head)?.[0] ?? "";
  return head.slice(0, head.length - word.length) + telex(word, typedKey);
}

/** @returns whether the next letter is a capital without anybody asking for it. */
export function isUpper(head: string, mode: Case): boolean {
  if (mode === "capitals") return true;
  if (mode === "names") return !LETTER.test(head.slice(-1));
  return /^\s*$|[.?!\n]\s+$/.test(head);
}
