import { describe, expect, it } from "vitest";
import type { ServiceForm } from "../api/types";
import { answerRows, belongsTo, readOpened, type Speech } from "./answers";
import { sampleCard } from "./sample";

const name = (vi: string) => ({ vi, en: vi });
const asked = (id: string, type: string, more = {}) => ({
  id,
  type,
  text: name(`Câu ${id}`),
  field: null,
  unit: null,
  options: [],
  ...more,
});
const SERVICE: ServiceForm = {
  id: "birth",
  version: 1,
  name: name("Khai sinh"),
  questions: [
    asked("sex", "choice", { options: [{ id: "male", label: name("Con trai") }] }),
    asked("born", "day"),
    asked("home", "address"),
    asked("copies", "number", { unit: name("bản") }),
    asked("fee", "amount"),
    asked("late", "yes-no"),
    asked("photos", "photo"),
    asked("note", "text"),
  ],
  documents: [],
};
const SPEECH: Speech = {
  pick: ({ vi }) => vi,
  yes: "Có",
  no: "Không",
  skipped: "(bỏ qua)",
  atStation: "Tại trạm",
  currency: "đồng",
  wards: new Map([["27097", "Phường Bình Trưng"]]),
  pictures: (count) => `${count} ảnh`,
};
const document = (answers: object) => ({
  request: "1".repeat(32),
  tracking: "K7QM-3VXP-2HFD",
  version: 1,
  answers,
});
const rows = (answers: object) => {
  const opened = readOpened(document(answers));
  return opened && answerRows(opened, SERVICE, SPEECH).map(({ question, answer }) => [question, answer]);
};

describe("answerRows", () => {
  it.each([
    ["sex", "male", "Con trai"],
    ["sex", "unknown-now", "unknown-now"],
    ["born", "2026-11-22", "22/11/2026"],
    ["home", { ward: "27097", street: "12 hẻm Sen" }, "12 hẻm Sen, Phường Bình Trưng"],
    ["home", { at: "point", lat: 10.7, lon: 106.7, note: "cổng sau" }, "10.7, 106.7, cổng sau"],
    ["home", { at: "station" }, "Tại trạm"],
    ["copies", 3, "3 bản"],
    ["fee", 120_000, "120.000 đồng"],
    ["late", true, "Có"],
    ["late", false, "Không"],
    ["photos", ["a", "b"], "2 ảnh"],
    ["note", null, "(bỏ qua)"],
    ["note", "<b>x</b>", "<b>x</b>"],
  ])("says %s %j as %s", (id, value, said) => {
    expect(rows({ [id]: value })).toEqual([[`Câu ${id}`, said]]);
  });

  it("keeps the catalogue's order, and what it no longer knows for the end", () => {
    expect(rows({ former: "x", late: true, sex: "male" })?.map(([question]) => question)).toEqual([
      "Câu sex",
      "Câu late",
      "former",
    ]);
  });
});

describe("readOpened", () => {
  it.each([null, 5, "text", [], {}, { answers: [] }])("takes %j for none of ours", (other) => {
    expect(readOpened(other)).toBeNull();
  });

  it("tells whether it was sent with this request", () => {
    const opened = readOpened(document({}));
    expect(opened && belongsTo(opened, sampleCard())).toBe(true);
    expect(opened && belongsTo(opened, sampleCard({ id: "2".repeat(32) }))).toBe(false);
    expect(opened && belongsTo(opened, sampleCard({ tracking: "AAAA-AAAA-AAAA" }))).toBe(false);
  });
});
