import { expect, test } from "vitest";
import { sourceWords } from "./source";

const inWords = (version: string) => `danh mục, bản ${version}`;

test("the version of the catalogue is told, not its ids", () => {
  expect(sourceWords("temporary-residence@12#channels", inWords)).toBe("danh mục, bản 12");
  expect(sourceWords("birth@1", inWords)).toBe("danh mục, bản 1");
});

test("a source of another form is shown as it is", () => {
  expect(sourceWords("1022", inWords)).toBe("1022");
});
