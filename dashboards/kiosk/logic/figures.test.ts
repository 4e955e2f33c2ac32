import { describe, expect, it } from "vitest";
import { besideFigures, mainFigure } from "./figures";

describe("mainFigure", () => {
  it("writes a blood pressure as its two numbers", () => {
    const values = { "systolic-pressure": 128, "diastolic-pressure": 82, "pulse-rate": 74 };
    expect(mainFigure("blood-pressure", values, "vi")).toEqual({
      measure: "systolic-pressure",
      unit: "mm[Hg]",
      texts: ["128", "82"],
    });
  });

  it("keeps the decimals that are honest, with the comma of the language", () => {
    expect(mainFigure("temperature", { "body-temperature": 36.649 }, "vi").texts).toEqual(["36,6"]);
    expect(mainFigure("temperature", { "body-temperature": 37 }, "en").texts).toEqual(["37.0"]);
    expect(mainFigure("height", { "body-height": 163 }, "vi").texts).toEqual(["163"]);
    expect(mainFigure("height", { "body-height": 163.5 }, "vi").texts).toEqual(["163,5"]);
  });

  it("never makes a number of no value", () => {
    expect(mainFigure("oxygen", {}, "vi").texts).toEqual([null]);
    expect(mainFigure("blood-pressure", { "systolic-pressure": 128 }, "vi").texts).toEqual(["128", null]);
  });
});

describe("besideFigures", () => {
  it("tells what else was measured, and leaves to doctors what is theirs", () => {
    const values = { "body-weight": 61.4, "body-fat": 27.5, "mean-arterial-pressure": 90 };
    expect(besideFigures("weight", values, "vi").map(({ measure }) => measure)).toEqual(["body-fat"]);
    expect(besideFigures("temperature", { "body-temperature": 36 }, "vi")).toEqual([]);
  });
});
