import { describe, expect, it } from "vitest";
import type { Action, View } from "../../../kiosk/api/types";
import { plethAt, VirtualCabin } from "./cabin";
import { SCENES } from "./scenes";

const until = (cabin: VirtualCabin, isThere: (view: View) => boolean) => {
  for (let tick = 0; tick < 2_000 && !isThere(cabin.view); tick += 1) cabin.tick();
  expect(isThere(cabin.view)).toBe(true);
};
const inPhase = (phase: string) => (view: View) => view.step?.phase === phase;

function begun(...kinds: ("blood-pressure" | "oxygen" | "height")[]): VirtualCabin {
  const cabin = new VirtualCabin();
  cabin.act({ action: "begin", kinds });
  cabin.act({ action: "consent", scope: "keep", text_version: "v" });
  return cabin;
}

describe("the virtual cabin", () => {
  it("walks from the choice to the sheet with two readings of blood pressure", () => {
    const cabin = begun("blood-pressure", "height");
    cabin.act({ action: "start" });
    until(cabin, inPhase("measuring"));
    until(cabin, inPhase("rest"));
    until(cabin, inPhase("result"));
    cabin.act({ action: "next" });
    expect(cabin.view.step).toMatchObject({ kind: "height", phase: "entry", number: 2, of: 2 });
    cabin.act({ action: "enter", measure: "body-height", value: 163 });
    cabin.act({ action: "next" });
    expect(cabin.view.sheet?.rows.map(({ kind, readings }) => [kind, readings.length])).toEqual([
      ["blood-pressure", 2],
      ["height", 1],
    ]);
    cabin.act({ action: "withdraw" });
    expect(cabin.view.sheet?.is_withdrawn).toBe(true);
    cabin.act({ action: "finish" });
    until(cabin, ({ page }) => page === "choose");
  });

  it("refuses what it has not offered, and orders without their data", () => {
    const cabin = new VirtualCabin();
    expect(cabin.act({ action: "finish" })).toBeNull();
    expect(cabin.act({ action: "begin", kinds: [] })).toBeNull();
    expect(begun("height").act({ action: "enter" })).toBeNull();
  });

  it("ends a measurement in trouble when told so, and sends waves", () => {
    const cabin = begun("oxygen");
    let heard = 0;
    cabin.onWave = ({ samples }) => (heard += samples.length);
    cabin.trouble = "probe-off";
    cabin.act({ action: "start" });
    until(cabin, inPhase("trouble"));
    expect(heard).toBeGreaterThan(100);
    cabin.act({ action: "skip" });
    expect(cabin.view.sheet).toMatchObject({ rows: [], skipped: ["oxygen"] });
  });

  it("wipes everything when the warning runs out, and not when somebody is there", () => {
    const cabin = begun("oxygen");
    cabin.warn(2);
    cabin.act({ action: "extend" });
    expect([cabin.view.idle, cabin.view.page]).toEqual([null, "step"]);
    cabin.warn(2);
    until(cabin, ({ page }) => page === "choose");
    expect(cabin.view.chosen).toEqual([]);
  });

  it("counts every view", () => {
    const cabin = new VirtualCabin();
    const versions: number[] = [];
    cabin.onView = ({ version }) => versions.push(version);
    for (const action of ["begin", "back", "begin"] as Action[]) cabin.act({ action, kinds: ["oxygen"] });
    expect(versions).toEqual([2, 3, 4]);
  });

  it("has waves between 0 and 100", () => {
    const samples = Array.from({ length: 200 }, (_, index) => plethAt(index / 50));
    expect(Math.min(...samples)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...samples)).toBeLessThanOrEqual(100);
    expect(Math.max(...samples) - Math.min(...samples)).toBeGreaterThan(50);
  });

  it("shows a scene that stands still", () => {
    const cabin = new VirtualCabin();
    cabin.freeze(SCENES.rest as View);
    for (let tick = 0; tick < 200; tick += 1) cabin.tick();
    expect(cabin.view.step?.countdown_s).toBe(42);
  });
});
