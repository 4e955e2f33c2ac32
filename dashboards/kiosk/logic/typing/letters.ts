/** Vietnamese letters taken apart: the letter of the alphabet, the mark that makes another letter of it, the tone. */
export const CIRCUMFLEX = "\u0302";
export const BREVE = "\u0306";
export const HORN = "\u031b";

/** By the key that sets them in Telex. */
export const TONES: Readonly<Record<string, string>> = {
  s: "\u0301",
  f: "\u0300",
  r: "\u0309",
  x: "\u0303",
  j: "\u0323",
};
const SHAPES: readonly string[] = [CIRCUMFLEX, BREVE, HORN];
const TONE_MARKS: readonly string[] = Object.values(TONES);

export interface Letter {
  /** As it was typed, in its case; đ stands for itself. */
  readonly base: string;
  readonly shape: string;
  readonly tone: string;
}

export const plain = (base: string): Letter => ({ base, shape: "", tone: "" });

export const lettersOf = (word: string): Letter[] => [...word.normalize("NFC")].map(letterOf);

function letterOf(char: string): Letter {
  const [base = "", ...marks] = char.normalize("NFD");
  return {
    base,
    shape: marks.find((mark) => SHAPES.includes(mark)) ?? "",
    tone: marks.find((mark) => TONE_MARKS.includes(mark)) ?? "",
  };
}

export const wordOf = (letters: readonly Letter[]): string =>
  letters
    .map(({ base, shape, tone }) => base + shape + tone)
    .join("")
    .normalize("NFC");

export const lower = ({ base }: Letter): string => base.toLowerCase();
const isVowel = (letter: Letter): boolean => "aeiouy".includes(lower(letter));

/** Where the vowels of a syllable begin and end (exclusive), without the u of "qu" and the i of "gi". */
export interface Nucleus {
  readonly start: number;
  readonly end: number;
}

const CODAS: readonly string[] = ["", "c", "ch", "k", "m", "n", "ng", "nh", "p", "t"];

/** @returns null when this is no syllable of Vietnamese: no vowel, two groups of them, or another ending. */
export function nucleusOf(letters: readonly Letter[]): Nucleus | null {
  const first = letters.findIndex(isVowel);
  if (first < 0) return null;
  const after = letters.slice(first).findIndex((letter) => !isVowel(letter));
  const end = after < 0 ? letters.length : first + after;
  const coda = letters.slice(end).map(lower).join("");
  if (!CODAS.includes(coda)) return null;
  return { start: isGlide(letters, first, end) ? first + 1 : first, end };
}

function isGlide(letters: readonly Letter[], first: number, end: number): boolean {
  const [before, vowel] = [letters[first - 1], letters[first]];
  if (!before || !vowel || end - first < 2) return false;
  return ["qu", "gi"].includes(lower(before) + lower(vowel));
}

/**
 * Where the tone stands, in the older way that most signs and papers follow: hòa, thủy, khỏe, but hoàn, huỳnh, ngoài.
 * A letter with a mark of its own carries it: tiếng, người, thuở.
 */
export function toneIndex(letters: readonly Letter[], { start, end }: Nucleus): number {
  for (let index = end - 1; index >= start; index -= 1) if (letters[index]?.shape) return index;
  const hasCoda = end < letters.length;
  const count = end - start;
  if (count === 1) return start;
  if (count === 2) return hasCoda ? start + 1 : start;
  return hasCoda ? end - 1 : start + 1;
}
