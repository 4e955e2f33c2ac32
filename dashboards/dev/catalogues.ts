import { expect, it } from "vitest";

export type Leaf = string | ((...args: never[]) => string);

/** Every sentence of a catalogue by its path; sentences with parameters are functions. */
export function leaves(node: object, path = ""): [path: string, leaf: Leaf][] {
  return Object.entries(node).flatMap(([key, value]: [string, object | Leaf]) =>
    typeof value === "object"
      ? leaves(value, `${path}${key}.`)
      : [[`${path}${key}`, value] as [string, Leaf]],
  );
}

const shape = (node: object) =>
  leaves(node)
    .map(([path, leaf]) => `${path}:${typeof leaf}/${typeof leaf === "function" ? leaf.length : ""}`)
    .sort();

/** No path. */
export const NONE = /^$/;

/** What every pair of catalogues holds to, but for paths of words that are rightly the `same` in both, or rightly `empty`. */
export function holdTogether(original: object, other: object, same: RegExp, empty = NONE): void {
  it("have the same keys, sentences and parameters in every language", () => {
    expect(shape(other)).toEqual(shape(original));
  });

  it("leave nothing empty", () => {
    const filled = [...leaves(original), ...leaves(other)].filter(([path]) => !empty.test(path));
    for (const [path, leaf] of filled)
      expect(typeof leaf === "function" ? leaf.toString() : leaf.trim(), path).not.toBe("");
  });

  it("leave nothing untranslated", () => {
    const english = new Map(leaves(other));
    const copied = leaves(original).filter(
      ([path, leaf]) => typeof leaf === "string" && !same.test(path) && english.get(path) === leaf,
    );
    expect(copied.map(([path]) => path)).toEqual([]);
  });

  it("write Vietnamese in composed characters, as keyboards and fonts expect it", () => {
    for (const [path, leaf] of leaves(original))
      expect(leaf.toString(), path).toBe(leaf.toString().normalize("NFC"));
  });
}
