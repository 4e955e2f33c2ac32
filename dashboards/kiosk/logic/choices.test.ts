import { describe, expect, it } from "vitest";
import { ACTIONS, PHASES } from "../api/types";
import { OFFERS, SCENES } from "../../dev/mock/kiosk/scenes";
import { choicesOf, plan, toggled, usable } from "./choices";

const view = (name: string) => {
  const found = SCENES[name];
  if (!found) throw new Error(name);
  return found;
};

describe("choicesOf", () => {
  it("offers exactly what the daemon accepts in a step, whatever that is", () => {
    for (const phase of PHASES) {
      const base = view("result");
      const all = { ...base, actions: ACTIONS, step: base.step && { ...base.step, phase } };
      const { primary, others } = choicesOf(all);
      expect(ACTIONS, phase).toContain(primary);
      expect(others, phase).not.toContain(primary);
      expect(choicesOf({ ...all, actions: [] }), phase).toEqual({ primary: null, others: [] });
    }
  });

  it("leads on after a good result, and to another try after a doubtful one", () => {
    expect(choicesOf(view("result"))).toEqual({ primary: "next", others: ["repeat"] });
    expect(choicesOf(view("result-doubt"))).toEqual({ primary: "repeat", others: ["next"] });
  });

  it("always leads on from trouble, also when there is no other try", () => {
    const last = { ...view("trouble-broken"), actions: ["skip" as const] };
    expect(choicesOf(last)).toEqual({ primary: "skip", others: [] });
  });

  it("lets a height be typed where a rod could measure it", () => {
    expect(choicesOf(view("prepare-height"))).toEqual({ primary: "start", others: ["enter", "skip"] });
    expect(choicesOf(view("entry")).primary).toBe("enter");
  });

  it("keeps the stop where the start was", () => {
    for (const name of ["waiting", "measuring-cuff", "rest"])
      expect(choicesOf(view(name)).primary, name).toBe("stop");
  });
});

describe("choosing", () => {
  it("keeps the calm order, whatever was touched first", () => {
    const chosen = toggled(toggled([], "weight", OFFERS), "blood-pressure", OFFERS);
    expect(chosen).toEqual(["blood-pressure", "weight"]);
    expect(toggled(chosen, "blood-pressure", OFFERS)).toEqual(["weight"]);
  });

  it("does not take what is missing", () => {
    expect(toggled([], "glucose", OFFERS)).toEqual([]);
    expect(usable(OFFERS).map(({ kind }) => kind)).not.toContain("glucose");
  });

  it("plans everything that works while nothing is chosen, and adds up the time", () => {
    expect(plan([], OFFERS).kinds).toHaveLength(6);
    expect(plan(["oxygen", "weight"], OFFERS)).toEqual({ kinds: ["oxygen", "weight"], seconds: 70 });
    expect(plan(["glucose"], OFFERS)).toEqual({ kinds: [], seconds: 0 });
  });
});
