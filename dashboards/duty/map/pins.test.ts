import { describe, expect, it, vi } from "vitest";
import { sampleCard } from "../logic/sample";
import { vi as words } from "../words/vi";
import { pinsOf } from "./pins";

const place = sampleCard().station;

describe("pinsOf", () => {
  it("shows a quiet station as it is, and gives it nothing to click", () => {
    const [pin] = pinsOf([place], [], words, vi.fn());
    expect(pin).toMatchObject({ kind: "online", onClick: null, label: `${place.name}, Trực tuyến` });
  });

  it("lets a person count before a drill and before what is in hand", () => {
    const cards = [
      sampleCard({ id: "drill", drill: true }),
      sampleCard({ id: "held", state: "acknowledged" }),
      sampleCard({ id: "sos" }),
    ];
    const open = vi.fn();
    const [pin] = pinsOf([place], cards, words, open);
    expect(pin?.kind).toBe("sos");
    pin?.onClick?.();
    expect(open).toHaveBeenCalledWith("sos");
  });

  it("shows an incident whose station is not in the list, once", () => {
    expect(pinsOf([], [sampleCard(), sampleCard({ id: "i-2" })], words, vi.fn())).toHaveLength(1);
  });

  it("forgets what is resolved, and what has no place", () => {
    expect(pinsOf([], [sampleCard({ state: "resolved" })], words, vi.fn())).toEqual([]);
    expect(pinsOf([{ ...place, lat: null }], [], words, vi.fn())).toEqual([]);
  });
});
