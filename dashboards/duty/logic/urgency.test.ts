import { describe, expect, it } from "vitest";
import { board, sectionOf } from "./urgency";
import { sampleCard } from "./sample";

const ids = (cards: { id: string }[]) => cards.map((card) => card.id);

describe("sectionOf", () => {
  it.each([
    [{ state: "new" }, "waiting"],
    [{ state: "acknowledged" }, "in_hand"],
    [{ state: "on_scene" }, "in_hand"],
    [{ state: "new", drill: true }, "drills"],
    [{ state: "resolved", drill: true }, "resolved"],
  ] as const)("%o stands under %s", (changes, section) =>
    expect(sectionOf(sampleCard(changes))).toBe(section),
  );
});

describe("board", () => {
  it("puts the higher level first, then the one that waits longest", () => {
    const cards = [
      sampleCard({ id: "young", opened_at_ms: 9 }),
      sampleCard({ id: "old", opened_at_ms: 1 }),
      sampleCard({ id: "escalated", opened_at_ms: 8, level: 2 }),
    ];
    expect(ids(board(cards).waiting)).toEqual(["escalated", "old", "young"]);
  });

  it("keeps unanswered drills above answered ones", () => {
    const cards = [
      sampleCard({ id: "answered", drill: true, state: "acknowledged", level: 3 }),
      sampleCard({ id: "unanswered", drill: true }),
    ];
    expect(ids(board(cards).drills)).toEqual(["unanswered", "answered"]);
  });

  it("shows what was resolved last first", () => {
    const cards = [1, 3, 2].map((at) => sampleCard({ id: `r${at}`, state: "resolved", updated_at_ms: at }));
    expect(ids(board(cards).resolved)).toEqual(["r3", "r2", "r1"]);
  });

  it("gives one order for any order of arrival", () => {
    const cards = ["a", "b", "c"].map((id) => sampleCard({ id }));
    expect(ids(board([...cards].reverse()).waiting)).toEqual(["a", "b", "c"]);
  });
});
