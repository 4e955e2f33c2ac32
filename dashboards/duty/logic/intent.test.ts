import { describe, expect, it } from "vitest";
import { Problem, Unreachable } from "../../common/api/client";
import type { ActionName } from "../../common/api/types";
import { judge, newIntent, type Intent } from "./intent";
import { sampleCard } from "./sample";

const intent = (action: ActionName = "acknowledge") =>
  newIntent(sampleCard({ version: 3 }), action, {}, "key-1");
const fresh = sampleCard({ version: 9, state: "acknowledged" });

describe("judge", () => {
  it("sends again with the same key after a lost answer, ever more slowly", () => {
    let current: Intent = intent();
    const delays: number[] = [];
    for (let nowMs = 0; delays.length < 5;) {
      const verdict = judge(current, new Unreachable(), nowMs);
      if (verdict.kind !== "again") throw new Error("a lost answer is no refusal");
      current = verdict.intent;
      delays.push((current.dueMs ?? 0) - nowMs);
      nowMs = current.dueMs ?? 0;
      expect(current.action).toEqual({ action: "acknowledge", version: 3, idempotency_key: "key-1" });
    }
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 8_000]);
  });

  it.each([
    [new Problem(500, "internal"), "again"],
    [new Problem(503, "unavailable"), "again"],
    [new Problem(429, "throttled"), "again"],
    [new Problem(401, "no-session"), "again"],
    [new Problem(403, "forbidden"), "refused"],
    [new Problem(409, "not-allowed", fresh), "refused"],
    [new Problem(422, "invalid"), "refused"],
    [new Problem(404, "not-found"), "refused"],
  ])("%s -> %s", (error, kind) => expect(judge(intent(), error, 0).kind).toBe(kind));

  it("never repeats an action on a newer version by itself", () => {
    expect(judge(intent(), new Problem(409, "stale", fresh), 0)).toEqual({
      kind: "refused",
      refusal: { reason: "stale", action: "acknowledge", card: fresh },
    });
  });

  it("lets a note follow the incident to its new version, with its key", () => {
    const verdict = judge(intent("note"), new Problem(409, "stale", fresh), 50);
    expect(verdict).toMatchObject({
      kind: "again",
      intent: { dueMs: 50, action: { version: 9, idempotency_key: "key-1" } },
    });
  });

  it("gives a note up when the incident never stands still", () => {
    const tired = { ...intent("note"), attempts: 5 };
    expect(judge(tired, new Problem(409, "stale", fresh), 0).kind).toBe("refused");
  });
});
