import { describe, expect, it, vi as spy } from "vitest";
import { Unreachable } from "../../common/api/client";
import { Refused } from "../../common/api/local";
import { EMPTY, SCENES } from "../../dev/mock/kiosk/scenes";
import type { Status } from "../api/types";
import { Cabin } from "./cabin.svelte";
import { Printing } from "./printing.svelte";
import { Sos } from "./sos.svelte";
import { Voice, type Player } from "./voice.svelte";

const view = (version: number) => ({ ...EMPTY, version });

describe("Cabin", () => {
  it("shows the answer to an order unless the stream was faster", async () => {
    const cabin: Cabin = new Cabin({ order: () => (cabin.hear(view(9)), Promise.resolve(view(8))) });
    await cabin.act({ action: "begin" });
    expect(cabin.view?.version).toBe(9);
    expect(cabin.failure).toBeNull();
  });

  it("takes a second press while the first is on its way for the same", async () => {
    const order = spy.fn(() => Promise.resolve(view(2)));
    const cabin = new Cabin({ order });
    await Promise.all([cabin.act({ action: "next" }), cabin.act({ action: "next" })]);
    expect(order).toHaveBeenCalledTimes(1);
    expect(cabin.isBusy).toBe(false);
  });

  it("tells a refusal with the view that came with it, until the next screen", async () => {
    const body = { problem: "refused", reason: "not-now", view: view(5) };
    const cabin = new Cabin({ order: () => Promise.reject(new Refused(409, "refused", body)) });
    await cabin.act({ action: "next" });
    expect([cabin.view?.version, cabin.failure]).toEqual([5, "refused"]);
    cabin.hear({ ...SCENES.consent, version: 6 } as never);
    expect(cabin.failure).toBeNull();
  });

  it("tells that nothing was answered, and forgets with the line", async () => {
    const cabin = new Cabin({ order: () => Promise.reject(new Unreachable("")) });
    cabin.hear(view(1));
    await cabin.act({ action: "next" });
    expect(cabin.failure).toBe("unanswered");
    cabin.forget();
    expect([cabin.view, cabin.failure]).toEqual([null, null]);
  });

  it("follows a daemon that was started anew and counts from one", () => {
    const cabin = new Cabin({ order: () => Promise.reject(new Unreachable("")) });
    cabin.hear(view(700));
    cabin.hear(view(1));
    expect(cabin.view?.version).toBe(1);
  });
});

describe("Sos", () => {
  const none: Status = { online: false, sos: null, at_ms: 0 };

  it("is recorded only when the daemon says so, and sends the same id until then", async () => {
    const sent: string[] = [];
    let isUp = false;
    const sos = new Sos({
      sos: (id) => {
        sent.push(id);
        return isUp ? Promise.resolve({ stage: "recorded" as const }) : Promise.reject(new Unreachable(""));
      },
    });
    await sos.call();
    expect(sos.face.is).toBe("sending");
    await sos.call();
    expect(sos.face.is).toBe("failing");
    isUp = true;
    await sos.tick();
    expect(sos.face).toEqual({ is: "stage", stage: "recorded" });
    await sos.tick();
    expect(sent).toHaveLength(3);
    expect(new Set(sent).size).toBe(1);
  });

  it("is forgotten only when the daemon ends it, and never while it is unrecorded", async () => {
    const sos = new Sos({ sos: () => Promise.resolve({ stage: "recorded" as const }) });
    sos.hear(none);
    await sos.call();
    sos.hear(none);
    expect(sos.face.is).toBe("stage");
    sos.hear({ ...none, sos: { stage: "on-scene" } });
    sos.hear(none);
    expect(sos.face.is).toBe("none");
  });

  it("is another press a minute later", async () => {
    const sent: string[] = [];
    const time = { ms: 0 };
    const api = { sos: (id: string) => (sent.push(id), Promise.resolve({ stage: "recorded" as const })) };
    const sos = new Sos(
      api,
      () => `id-${sent.length}`,
      () => time.ms,
    );
    await sos.call();
    await sos.call();
    time.ms = 61_000;
    await sos.call();
    expect(sent).toEqual(["id-0", "id-1"]);
  });
});

describe("Printing", () => {
  it("prints once at a time and names what hinders it", async () => {
    const print = spy.fn(() => Promise.reject(new Refused(503, "no-paper")));
    const printing = new Printing({ print });
    await Promise.all([printing.print("vi"), printing.print("vi")]);
    expect(print).toHaveBeenCalledTimes(1);
    expect(printing.state).toBe("no-paper");
    printing.reset();
    expect(printing.state).toBe("idle");
  });

  it("has words for what it does not know", async () => {
    const printing = new Printing({ print: () => Promise.reject(new Unreachable("")) });
    await printing.print("vi");
    expect(printing.state).toBe("other");
  });
});

class FakePlayer implements Player {
  played: string[] = [];
  paused = 0;
  src = "";
  onended: (() => void) | null = null;
  onerror: (() => void) | null = null;
  play() {
    this.played.push(new URLSearchParams(this.src.split("?")[1]).get("text") ?? "");
    return Promise.reject(new Error("no sound here"));
  }
  pause() {
    this.paused += 1;
  }
}

describe("Voice", () => {
  function rig() {
    const player = new FakePlayer();
    return { player, voice: new Voice(() => player) };
  }

  it("says one sentence after another, never two at once", () => {
    const { player, voice } = rig();
    voice.say(["một", "hai"], "vi");
    expect(player.played).toEqual(["một"]);
    player.onended?.();
    expect(player.played).toEqual(["một", "hai"]);
    player.onended?.();
    expect(player.played).toHaveLength(2);
  });

  it("ends what it says when there is something else to say", () => {
    const { player, voice } = rig();
    voice.say(["một", "hai"], "vi");
    voice.say(["ba"], "vi");
    expect(player.paused).toBe(2);
    player.onended?.();
    expect(player.played).toEqual(["một", "ba"]);
  });

  it("goes on silently when a sentence fails, and says nothing while muted", () => {
    const { player, voice } = rig();
    voice.say(["một", "hai"], "vi");
    player.onerror?.();
    expect(player.played).toEqual(["một", "hai"]);
    voice.mute(true);
    voice.say(["ba"], "vi");
    expect(player.played).toHaveLength(2);
  });
});
