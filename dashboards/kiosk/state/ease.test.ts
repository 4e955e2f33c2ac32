import { describe, expect, it } from "vitest";
import type { Look } from "../../common/theme";
import { Ease } from "./ease.svelte";

function eased() {
  const theming = {
    wanted: null as Look | null,
    get look(): Look {
      return this.wanted ?? "night";
    },
    want(look: Look | null) {
      this.wanted = look;
    },
  };
  const dataset: Record<string, string> = {};
  return { dataset, theming, ease: new Ease(theming, () => ({ dataset })) };
}

describe("Ease", () => {
  it("changes nothing by itself", () => {
    const { ease } = eased();
    expect([ease.look, ease.isElder, ease.reach, ease.isChanged]).toEqual(["night", false, "whole", false]);
  });

  it.each([
    ["a look", (ease: Ease) => ease.useLook("yellow-on-black")],
    ["bigger letters", (ease: Ease) => ease.useElder(true)],
    ["a shorter way", (ease: Ease) => ease.useReach("low-left")],
  ])("is changed by %s, and by nothing after it was reset", (_, change) => {
    const { ease } = eased();
    change(ease);
    expect(ease.isChanged).toBe(true);
    ease.reset();
    expect(ease.isChanged).toBe(false);
  });

  it("is written where the styles read it", () => {
    const { ease, dataset, theming } = eased();
    ease.useElder(true);
    ease.useReach("low-right");
    ease.useLook("black-on-white");
    expect([dataset, theming.wanted]).toEqual([{ elder: "on", reach: "low-right" }, "black-on-white"]);
    ease.reset();
    expect([dataset, ease.look]).toEqual([{ elder: "off", reach: "whole" }, "night"]);
  });
});
