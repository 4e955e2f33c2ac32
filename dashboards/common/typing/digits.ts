/** Numbers typed on big keys: a PIN, a passkey, the number of a card. */
export const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "delete"] as const;

export function typedDigits(text: string, key: string, max: number): string {
  if (key === "delete" || key === "Backspace") return text.slice(0, -1);
  return /^[0-9]$/.test(key) && text.length < max ? text + key : text;
}
