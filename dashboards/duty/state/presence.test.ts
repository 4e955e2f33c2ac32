import { describe, expect, it, vi } from "vitest";
import { Unreachable, type Api } from "../../common/api/client";
import { Presence } from "./presence.svelte";

function rig() {
  const time = { ms: 0 };
  const holdPresence = vi.fn(() => Promise.resolve({ expires_in_ms: 15_000 }));
  const releasePresence = vi.fn(() => Promise.resolve());
  const presence = new Presence({ holdPresence, releasePresence } as unknown as Api, () => time.ms);
  const beatAt = async (ms: number) => {
    time.ms = ms;
    await presence.onBeat();
  };
  return { presence, holdPresence, releasePresence, beatAt };
}

describe("Presence", () => {
  it("is held by beats, every five seconds", async () => {
    const { presence, holdPresence, beatAt } = rig();
    await presence.hold();
    for (const ms of [2_000, 4_000, 6_000, 8_000, 10_000, 12_000]) await beatAt(ms);
    expect(holdPresence).toHaveBeenCalledTimes(3);
    expect(presence.heldUntilMs).toBe(27_000);
  });

  it("asks for nothing before the alarm is armed", async () => {
    const { holdPresence, beatAt } = rig();
    await beatAt(9_000);
    expect(holdPresence).not.toHaveBeenCalled();
  });

  it("tries again with the next beat when the lease could not be renewed", async () => {
    const { presence, holdPresence, beatAt } = rig();
    await presence.hold();
    holdPresence.mockRejectedValueOnce(new Unreachable());
    await beatAt(6_000);
    await beatAt(8_000);
    expect(holdPresence).toHaveBeenCalledTimes(3);
    expect(presence.heldUntilMs).toBe(23_000);
  });

  it("gives the ward back once, and is not revived by an answer that comes late", async () => {
    const { presence, holdPresence, releasePresence, beatAt } = rig();
    let answer: (lease: { expires_in_ms: number }) => void = () => undefined;
    holdPresence.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    const holding = presence.hold();
    await presence.release();
    await presence.release();
    answer({ expires_in_ms: 15_000 });
    await holding;
    await beatAt(60_000);
    expect(presence.heldUntilMs).toBe(0);
    expect(releasePresence).toHaveBeenCalledTimes(1);
    expect(holdPresence).toHaveBeenCalledTimes(1);
  });
});
