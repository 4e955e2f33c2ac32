import { describe, expect, it } from "vitest";
import { Patience } from "./patience.svelte";

describe("Patience", () => {
  it("counts from the last touch", () => {
    let nowMs = 5_000;
    const patience = new Patience(() => nowMs);
    nowMs += 46_000;
    expect([patience.isIdleFor(45_000), patience.isIdleFor(46_000)]).toEqual([true, false]);
    patience.touch();
    expect(patience.isIdleFor(0)).toBe(false);
  });

  it("answers one warning after each touch, and no second one", async () => {
    const orders: string[] = [];
    const warned = { act: ({ action }: { action: "extend" }) => Promise.resolve(void orders.push(action)) };
    const patience = new Patience(() => 0);
    expect(patience.hasMore).toBe(true);
    await patience.extend(warned);
    expect([patience.hasMore, orders]).toEqual([false, ["extend"]]);
    patience.touch();
    expect(patience.hasMore).toBe(true);
  });
});
