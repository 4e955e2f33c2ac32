import { describe, expect, it, vi } from "vitest";
import { Problem, Unreachable, type Api } from "../../common/api/client";
import type { Action, Card } from "../../common/api/types";
import { sampleCard } from "../logic/sample";
import { Desk } from "./desk.svelte";

function rig(...answers: (Card | Error)[]) {
  const sent: Action[] = [];
  const act = (_id: string, action: Action) => {
    sent.push(action);
    const answer = answers.shift();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const time = { ms: 0 };
  const onCard = vi.fn();
  const desk = new Desk({ act } as unknown as Api, onCard, () => time.ms);
  const tickAt = async (ms: number) => {
    time.ms = ms;
    desk.tick();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { desk, sent, onCard, tickAt };
}
const card = sampleCard();
const done = sampleCard({ version: 2, state: "acknowledged" });

describe("Desk", () => {
  it("hands the fresh card on and is free again", async () => {
    const { desk, onCard } = rig(done);
    await desk.submit(card, "acknowledge");
    expect(onCard).toHaveBeenCalledWith(done);
    expect(desk.intents.size).toBe(0);
  });

  it("takes a double click as one intent", async () => {
    const { desk, sent } = rig(done, done);
    const first = desk.submit(card, "acknowledge");
    expect(await desk.submit(card, "acknowledge")).toBe(false);
    await first;
    expect(sent).toHaveLength(1);
  });

  it("keeps an unanswered action and sends it again with its key", async () => {
    const { desk, sent, onCard, tickAt } = rig(new Unreachable(), done);
    await desk.submit(card, "acknowledge");
    expect(desk.intents.get(card.id)?.dueMs).toBe(1_000);
    await tickAt(999);
    expect(sent).toHaveLength(1);
    await tickAt(1_000);
    expect(sent[1]).toEqual(sent[0]);
    expect(onCard).toHaveBeenCalledWith(done);
  });

  it("shows who was faster and does not send again", async () => {
    const { desk, onCard } = rig(new Problem(409, "stale", done));
    await desk.submit(card, "acknowledge");
    expect(desk.refusals.get(card.id)).toMatchObject({ reason: "stale", card: done });
    expect(onCard).toHaveBeenCalledWith(done);
    expect(desk.intents.size).toBe(0);
  });

  it("clears a note's draft only when the note is stored", async () => {
    const { desk, tickAt } = rig(new Unreachable(), done);
    desk.drafts[card.id] = "Cửa sảnh khóa, vào cổng sau";
    await desk.submit(card, "note", { note: "Cửa sảnh khóa, vào cổng sau" });
    expect(desk.drafts[card.id]).toBe("Cửa sảnh khóa, vào cổng sau");
    await tickAt(1_000);
    expect(desk.drafts[card.id]).toBe("");
  });

  it("does not bring an action back that was given up while it was on its way", async () => {
    let fail: (error: Error) => void = () => undefined;
    const act = () => new Promise<Card>((_, reject) => (fail = reject));
    const desk = new Desk({ act } as unknown as Api, vi.fn());
    const sending = desk.submit(card, "acknowledge");
    desk.giveUp(card.id);
    fail(new Unreachable());
    await sending;
    expect(desk.intents.size).toBe(0);
  });
});
