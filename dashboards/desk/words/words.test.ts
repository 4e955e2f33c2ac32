import { describe, expect, it } from "vitest";
import { en } from "./en";
import { vi } from "./vi";

type Leaf = string | ((...args: never[]) => string);

function leaves(node: object, path = ""): [path: string, leaf: Leaf][] {
  return Object.entries(node).flatMap(([key, value]: [string, object | Leaf]) =>
    typeof value === "object"
      ? leaves(value, `${path}${key}.`)
      : [[`${path}${key}`, value] as [string, Leaf]],
  );
}
const shape = (node: object) =>
  leaves(node)
    .map(
      ([path, leaf]) =>
        `${path}:${typeof leaf}/${leaf.length && typeof leaf === "function" ? leaf.length : ""}`,
    )
    .sort();
/** Words that are rightly the same in both. */
const SAME = new Set<string>();

describe("the catalogues", () => {
  it("have the same keys, sentences and parameters in every language", () => {
    expect(shape(en)).toEqual(shape(vi));
  });

  it("leave nothing empty", () => {
    for (const [path, leaf] of [...leaves(vi), ...leaves(en)])
      expect(typeof leaf === "function" ? leaf.toString() : leaf.trim(), path).not.toBe("");
  });

  it("leave nothing untranslated", () => {
    const english = new Map(leaves(en));
    const copied = leaves(vi).filter(
      ([path, leaf]) => typeof leaf === "string" && english.get(path) === leaf,
    );
    expect(copied.map(([path]) => path).filter((path) => !SAME.has(path))).toEqual([]);
  });

  it("write Vietnamese in composed characters, as keyboards and fonts expect it", () => {
    for (const [path, leaf] of leaves(vi))
      expect(leaf.toString(), path).toBe(leaf.toString().normalize("NFC"));
  });
});
