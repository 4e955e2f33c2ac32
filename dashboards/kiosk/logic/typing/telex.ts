/**
 * Telex: Vietnamese typed with the letters that every keyboard has. aa ee oo become â ê ô; aw ow uw become ă ơ ư; dd
 * becomes đ; s f r x j set a tone and z takes it away, wherever in the syllable they are typed. The same key once more
 * undoes it and stands for itself. What is no syllable of Vietnamese is left as it is. Tones are placed in the older
 * way (hòa, thủy); see letters.ts. A lone w stays a w.
 */
import {
  BREVE,
  CIRCUMFLEX,
  HORN,
  lettersOf,
  lower,
  nucleusOf,
  plain,
  toneIndex,
  TONES,
  wordOf,
  type Letter,
  type Nucleus,
} from "./letters";

/** @returns the word before the caret as it is after one more key, which is a letter. */
export function telex(word: string, key: string): string {
  const letters = lettersOf(word);
  const changed = changedBy(letters, key) ?? [...joined(letters, key), plain(key)];
  return wordOf(replaced(changed));
}

/** @returns null when the key stands for itself here. */
function changedBy(letters: readonly Letter[], key: string): Letter[] | null {
  const name = key.toLowerCase();
  if (name === "d") return stroked(letters, key);
  const nucleus = nucleusOf(letters);
  if (nucleus === null) return null;
  if (name in TONES) return toned(letters, nucleus, key);
  if (name === "z") return letters.some(({ tone }) => tone) ? letters.map(untoned) : null;
  if (name === "w") return hooked(letters, nucleus, key);
  return "aeo".includes(name) ? hatted(letters, nucleus, key) : null;
}

const untoned = (letter: Letter): Letter => ({ ...letter, tone: "" });
const shaped = (letters: readonly Letter[], index: number, shape: string): Letter[] =>
  letters.map((letter, at) => (at === index ? { ...letter, shape } : letter));

/** đ stands only at the beginning of a syllable. */
function stroked(letters: readonly Letter[], key: string): Letter[] | null {
  const [first] = letters;
  if (!first || letters.length > 1) return null;
  const isUpper = first.base !== first.base.toLowerCase();
  if (lower(first) === "d") return [plain(isUpper ? "Đ" : "đ")];
  return lower(first) === "đ" ? [plain(isUpper ? "D" : "d"), plain(key)] : null;
}

function toned(letters: readonly Letter[], nucleus: Nucleus, key: string): Letter[] {
  const tone = TONES[key.toLowerCase()] ?? "";
  const bare = letters.map(untoned);
  if (letters.some((letter) => letter.tone === tone)) return [...bare, plain(key)];
  const index = toneIndex(bare, nucleus);
  return bare.map((letter, at) => (at === index ? { ...letter, tone } : letter));
}

/** What may follow a vowel in the same group when its hat is typed late: dâu, dây, yêu, tôi. */
const AFTER: Readonly<Record<string, readonly string[]>> = { a: ["", "u", "y"], e: ["", "u"], o: ["", "i"] };

function hatted(letters: readonly Letter[], { start, end }: Nucleus, key: string): Letter[] | null {
  const name = key.toLowerCase();
  const index = letters.slice(0, end).findLastIndex((letter) => lower(letter) === name);
  const rest = letters
    .slice(index + 1, end)
    .map(lower)
    .join("");
  if (index < start || !AFTER[name]?.includes(rest)) return null;
  if (letters[index]?.shape === CIRCUMFLEX) return [...shaped(letters, index, ""), plain(key)];
  return shaped(letters, index, CIRCUMFLEX);
}

function hooked(letters: readonly Letter[], nucleus: Nucleus, key: string): Letter[] | null {
  const pair = pairOf(letters, nucleus);
  if (pair !== null) return hookedPair(letters, pair, key);
  const index = hookIndex(letters, nucleus);
  const letter = letters[index];
  if (!letter) return null;
  const shape = lower(letter) === "a" ? BREVE : HORN;
  if (letter.shape === shape) return [...shaped(letters, index, ""), plain(key)];
  return shaped(letters, index, shape);
}

/** @returns where "uo" begins. */
function pairOf(letters: readonly Letter[], { start, end }: Nucleus): number | null {
  const names = letters.slice(start, end).map(lower).join("");
  const found = names.indexOf("uo");
  return found < 0 ? null : start + found;
}

/** "uo" becomes "ươ" before another letter, and "uơ" at the end of a word: thương, but thuở. */
function hookedPair(letters: readonly Letter[], index: number, key: string): Letter[] {
  const isHooked = letters[index + 1]?.shape === HORN;
  const whole = isHooked ? "" : HORN;
  const isLast = index + 2 === letters.length;
  const first = shaped(letters, index, isLast ? "" : whole);
  const both = shaped(first, index + 1, whole);
  return isHooked ? [...both, plain(key)] : both;
}

function hookIndex(letters: readonly Letter[], { start, end }: Nucleus): number {
  const names = letters.slice(start, end).map(lower);
  const last = names.length - 1;
  if (names[last] === "a") return start + (names[last - 1] === "u" ? last - 1 : last);
  const found = names.findIndex((name) => name === "o" || name === "u");
  return found < 0 ? -1 : start + found;
}

/** "uơ" is "ươ" as soon as something follows. */
function joined(letters: readonly Letter[], key: string): Letter[] {
  const nucleus = nucleusOf([...letters, plain(key)]);
  const pair = nucleus && pairOf(letters, { ...nucleus, end: Math.min(nucleus.end, letters.length) });
  if (pair === null || letters[pair + 1]?.shape !== HORN) return [...letters];
  return shaped(letters, pair, HORN);
}

/** The tone moves to where it belongs in the longer syllable: hòa and n are hoàn. */
function replaced(letters: Letter[]): Letter[] {
  const tone = letters.find((letter) => letter.tone)?.tone ?? "";
  const nucleus = nucleusOf(letters);
  if (tone === "" || nucleus === null) return letters;
  const bare = letters.map(untoned);
  const index = toneIndex(bare, nucleus);
  return bare.map((letter, at) => (at === index ? { ...letter, tone } : letter));
}
