import { expect, it } from "vitest";
import { placeLine } from "./place";
import { sampleCard } from "./sample";

it("names floor, block and ward, nearest first", () => {
  expect(placeLine(sampleCard())).toBe("Tầng 1 · A1 · Phường\u00a0Bình\u00a0Trưng");
});

it("leaves no trace of what is not known", () => {
  const card = sampleCard();
  expect(placeLine({ ...card, station: { ...card.station, block: "", floor: " " } })).toBe(
    "Phường\u00a0Bình\u00a0Trưng",
  );
});

it("leaves out the ward for those who have only one", () => {
  expect(placeLine(sampleCard(), true)).toBe("Tầng 1 · A1");
});
