import { describe, expect, it } from "vitest";
import { SOS_STAGES, type SosStage, type Status } from "../api/types";
import { faceOf, failed, isNewCall, isOver, isReached, newId, newPress, recorded } from "./sos";

const press = newPress("ab".repeat(16));
const status = (stage: SosStage | null): Status => ({ online: true, at_ms: 1, sos: stage && { stage } });

describe("what the screen says of a call for help", () => {
  it("says nothing while nobody called", () => {
    expect(faceOf(null, null)).toEqual({ is: "none" });
    expect(faceOf(null, status(null))).toEqual({ is: "none" });
  });

  it("does not say recorded before the disk has it, even if an earlier call is on", () => {
    expect(faceOf(press, status("on-the-way"))).toEqual({ is: "sending" });
    expect(faceOf(failed(press), null)).toEqual({ is: "sending" });
    expect(faceOf(failed(failed(press)), null)).toEqual({ is: "failing" });
  });

  it("goes on with what the daemon tells", () => {
    const kept = recorded(press, 0);
    expect(faceOf(kept, status(null))).toEqual({ is: "stage", stage: "recorded" });
    for (const stage of SOS_STAGES) expect(faceOf(kept, status(stage))).toEqual({ is: "stage", stage });
  });

  it("shows a press of the station's own button, too", () => {
    expect(faceOf(null, status("received"))).toEqual({ is: "stage", stage: "received" });
  });
});

describe("one touch and another", () => {
  it("are one press until the disk has it, and one incident within a minute", () => {
    expect(isNewCall(null, 0)).toBe(true);
    expect(isNewCall(failed(press), 999_999)).toBe(false);
    expect(isNewCall(recorded(press, 1_000), 60_999)).toBe(false);
    expect(isNewCall(recorded(press, 1_000), 61_000)).toBe(true);
  });

  it("mint ids that no other press has", () => {
    const ids = new Set(Array.from({ length: 100 }, newId));
    expect(ids.size).toBe(100);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe("stages", () => {
  it("are reached in their order", () => {
    expect(isReached("received", "on-the-way")).toBe(true);
    expect(isReached("on-scene", "on-the-way")).toBe(false);
    expect(isReached("closed", "closed")).toBe(true);
  });

  it("end when the daemon has no more to tell", () => {
    expect(isOver(status("closed"), status(null))).toBe(true);
    expect(isOver(null, status(null))).toBe(false);
    expect(isOver(status(null), status("recorded"))).toBe(false);
  });
});
