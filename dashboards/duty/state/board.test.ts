import { describe, expect, it, vi } from "vitest";
import { Unreachable, type Api } from "../../common/api/client";
import { sampleCard } from "../logic/sample";
import { Board } from "./board.svelte";

const list = (...ids: string[]) => ({
  incidents: ids.map((id, index) => sampleCard({ id, last_event_id: index + 1 })),
  last_event_id: ids.length,
});

function rig() {
  const incidents = vi.fn((scope: "open" | "recent") =>
    Promise.resolve(list(...(scope === "open" ? ["a"] : ["a", "b"]))),
  );
  const seen = vi.fn((id: string) => (void id, Promise.resolve()));
  const onChange = vi.fn();
  return { board: new Board({ incidents, seen } as unknown as Api, onChange), incidents, seen, onChange };
}

describe("Board", () => {
  it("shows what is open and what was resolved lately, once each", async () => {
    const { board } = rig();
    await board.refresh();
    expect(board.status).toBe("ready");
    expect([...board.feed.cards.keys()]).toEqual(["a", "b"]);
    expect(board.parts.waiting).toHaveLength(2);
  });

  it("does not call an unknown board empty", async () => {
    const { board, incidents } = rig();
    incidents.mockRejectedValue(new Unreachable());
    await board.refresh();
    expect(board.status).toBe("failed");
  });

  it("keeps what it knows when a later refresh fails", async () => {
    const { board, incidents } = rig();
    await board.refresh();
    incidents.mockRejectedValue(new Unreachable());
    await board.refresh();
    expect(board.status).toBe("ready");
    expect(board.feed.cards.size).toBe(2);
  });

  it("tells of every step with what was before", async () => {
    const { board, onChange } = rig();
    await board.refresh();
    board.hear(sampleCard({ id: "c", last_event_id: 9 }));
    const [before, after] = onChange.mock.lastCall ?? [];
    expect([before.cards.has("c"), after.cards.has("c")]).toEqual([false, true]);
  });

  it("says once that an incident was seen, and again only when that got lost", async () => {
    const { board, seen } = rig();
    seen.mockRejectedValueOnce(new Unreachable());
    const card = sampleCard();
    for (let look = 0; look < 4; look += 1) await board.see(card);
    expect(seen).toHaveBeenCalledTimes(2);
    await board.see(sampleCard({ id: "other", seen_at_ms: 5 }));
    expect(seen).toHaveBeenCalledTimes(2);
  });
});
