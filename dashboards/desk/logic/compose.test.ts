import { describe, expect, it } from "vitest";
import { compose, emptyDraft, isPlain, shows } from "./compose";
import { sampleForm } from "./sample";

const NOW_MS = Date.parse("2026-11-27T09:00:00+07:00");
const draft = (changed = {}) => ({ ...emptyDraft("2026-12-01"), ...changed });

describe("compose", () => {
  it("sends nothing that an action does not know", () => {
    expect(
      compose(sampleForm(), draft({ reason: "twice", assignee: "hoa", note: " Xin đợi " }), NOW_MS),
    ).toEqual({
      note: "Xin đợi",
    });
  });

  it.each(["reason", "wanted", "assignee", "duplicate_of", "slots", "decision"] as const)(
    "names %s when it is needed and missing",
    (parameter) => {
      const form = sampleForm({ action: "refuse", needs: [parameter], may: [] });
      expect(compose(form, draft(), NOW_MS)).toEqual({ missing: parameter });
    },
  );

  it("wants a reason for what is denied, and none for what is granted", () => {
    const form = sampleForm({ action: "decide", needs: ["decision"], may: ["reason", "note"] });
    expect(shows(form, "reason", draft({ decision: "granted" }))).toBe(false);
    expect(compose(form, draft({ decision: "granted", reason: "twice" }), NOW_MS)).toEqual({
      decision: "granted",
    });
    expect(compose(form, draft({ decision: "denied" }), NOW_MS)).toEqual({ missing: "reason" });
  });

  it("promises the end of office hours in Vietnam, and no day that is past", () => {
    const form = sampleForm({ action: "apologise", needs: ["new_due_ms"], may: [] });
    expect(compose(form, draft(), NOW_MS)).toEqual({ new_due_ms: Date.parse("2026-12-01T10:00:00Z") });
    expect(compose(form, draft({ newDay: "2026-11-26" }), NOW_MS)).toEqual({ missing: "new_due_ms" });
    expect(compose(form, draft({ newDay: "" }), NOW_MS)).toEqual({ missing: "new_due_ms" });
  });

  it("offers times by Vietnam's clock, leaves out empty lines, and none that has begun", () => {
    const form = sampleForm({ action: "offer", needs: ["slots"], may: [] });
    const slots = [
      { start: "2026-12-02T08:30", minutes: 30 },
      { start: "", minutes: 30 },
    ];
    const startMs = Date.parse("2026-12-02T01:30:00Z");
    expect(compose(form, draft({ slots }), NOW_MS)).toEqual({ slots: [[startMs, startMs + 1_800_000]] });
    const past = [{ start: "2026-11-27T08:00", minutes: 30 }];
    expect(compose(form, draft({ slots: past }), NOW_MS)).toEqual({ missing: "slots" });
  });

  it("takes one press only where nothing is needed and nothing ends", () => {
    expect(isPlain(sampleForm())).toBe(true);
    expect(isPlain(sampleForm({ needs: ["reason"] }))).toBe(false);
    expect(isPlain(sampleForm({ is_end: true }))).toBe(false);
  });
});
