/** A height typed on big keys, at most `250.5`; what would make it longer or wronger is not taken. */
export type Key = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "." | "delete";

export const KEYS: readonly Key[] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", ".", "0", "delete"];

const SHAPE = /^(?:[1-9]\d{0,2}(?:\.\d?)?)?$/;
const LOW_CM = 40;
const HIGH_CM = 250;

export function typed(text: string, key: Key): string {
  const next = key === "delete" ? text.slice(0, -1) : text + key;
  return SHAPE.test(next) ? next : text;
}

/** @returns centimetres, or null while it is no height that the station would take. */
export function heightCm(text: string): number | null {
  const value = Number(text);
  return text !== "" && value >= LOW_CM && value <= HIGH_CM ? value : null;
}

/** Keyboards have the same keys: a comma is a point, Backspace deletes. */
export function keyOf(name: string): Key | null {
  if (name === "Backspace" || name === "Delete") return "delete";
  const key = name === "," ? "." : name;
  return KEYS.find((each) => each === key && each !== "delete") ?? null;
}
