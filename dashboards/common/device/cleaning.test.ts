import { describe, expect, it } from "vitest";
import { Cleaning } from "./cleaning.svelte";

function held() {
  const clock = { ms: 1_000_000 };
  return { clock, cleaning: new Cleaning(() => clock.ms) };
}

describe("Cleaning", () => {
  it("lasts thirty seconds and ends by itself", () => {
    const { clock, cleaning } = held();
    cleaning.begin();
    const seen: number[] = [];
    while (cleaning.isOn) {
      seen.push(cleaning.secondsLeft);
      clock.ms += 1_000;
      cleaning.tick();
    }
    expect(seen).toEqual(Array.from({ length: 30 }, (_, index) => 30 - index));
  });

  it("ends on time also when the page was not asked for a while", () => {
    const { clock, cleaning } = held();
    cleaning.begin();
    clock.ms += 3_600_000;
    cleaning.tick();
    expect(cleaning.isOn).toBe(false);
  });

  it("gives way at once, and does not begin again by itself", () => {
    const { clock, cleaning } = held();
    cleaning.begin();
    cleaning.end();
    expect(cleaning.isOn).toBe(false);
    clock.ms += 1_000;
    cleaning.tick();
    expect(cleaning.isOn).toBe(false);
  });
});
