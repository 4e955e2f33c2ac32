import { describe, expect, it } from "vitest";
import type { Hop, HopName } from "../../common/api/types";
import { custodyLine, hasGap, waitingSince } from "./custody";

const hops = (...names: HopName[]): Hop[] =>
  names.map((hop, index) => ({ hop, at_ms: 1_000 * index, after_ms: index ? 1_000 : null, late: false }));
const drawn = (...args: Parameters<typeof custodyLine>) =>
  custodyLine(...args).map(({ hop, status }) => `${hop}:${status}`);

describe("custodyLine", () => {
  it("shows what happened, the next step as waiting, and the rest ahead", () => {
    expect(drawn(hops("pressed", "recorded", "received", "committed", "on_console"), "new")).toEqual([
      "pressed:done",
      "recorded:done",
      "received:done",
      "committed:done",
      "on_console:done",
      "acknowledged:waiting",
      "dispatched:ahead",
      "on_scene:ahead",
      "resolved:ahead",
      "person_informed:ahead",
    ]);
  });

  it("marks a hop without a time when a later one has one", () => {
    const rows = custodyLine(hops("pressed", "committed", "acknowledged"), "acknowledged");
    expect(rows.filter((row) => row.status === "gap").map((row) => row.hop)).toEqual([
      "recorded",
      "received",
      "on_console",
    ]);
    expect(hasGap(rows)).toBe(true);
  });

  it("puts a gap where the hop would have been", () => {
    expect(drawn(hops("pressed", "received"), "new").slice(0, 3)).toEqual([
      "pressed:done",
      "recorded:gap",
      "received:done",
    ]);
  });

  it("does not call it a gap when nobody drove out for a false press", () => {
    const all = hops(
      "pressed",
      "recorded",
      "received",
      "committed",
      "on_console",
      "acknowledged",
      "resolved",
    );
    const rows = custodyLine([...all, ...hops("person_informed")], "resolved");
    expect(hasGap(rows)).toBe(false);
    expect(rows.at(-1)).toMatchObject({ hop: "person_informed", status: "done" });
  });

  it("waits for the person to be told as soon as somebody took the case, and says so when it never happened", () => {
    const taken = hops("pressed", "recorded", "received", "committed", "on_console", "acknowledged");
    expect(drawn(taken, "acknowledged")).toContain("person_informed:waiting");
    expect(drawn([...taken, ...hops("resolved")], "resolved")).toContain("person_informed:gap");
  });

  it("keeps the order of time for the person being told before the officer left", () => {
    const line = drawn(
      hops(
        "pressed",
        "recorded",
        "received",
        "committed",
        "on_console",
        "acknowledged",
        "person_informed",
        "dispatched",
      ),
      "dispatched",
    );
    expect(line.indexOf("person_informed:done")).toBe(line.indexOf("dispatched:done") - 1);
  });

  it("counts a late hop as a flaw in the line", () => {
    const late = hops("pressed", "recorded", "received", "committed", "on_console").map((hop) => ({
      ...hop,
      late: hop.hop === "received",
    }));
    expect(hasGap(custodyLine(late, "new"))).toBe(true);
  });

  it("has something to show before the first hop is known", () => {
    expect(drawn([], "new")[0]).toBe("pressed:waiting");
  });
});

describe("waitingSince", () => {
  it("counts from the last step, whoever has looked or was told since", () => {
    expect(waitingSince(hops("pressed", "recorded", "received", "committed", "on_console"))).toBe(3_000);
    expect(waitingSince(hops("pressed", "acknowledged", "person_informed"))).toBe(1_000);
    expect(waitingSince([])).toBeNull();
  });
});
