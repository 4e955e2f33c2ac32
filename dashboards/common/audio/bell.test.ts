import { describe, expect, it } from "vitest";
import { Bell } from "./bell.svelte";
import { PATTERNS } from "./tones";

/** An AudioContext that counts what it was asked to sound. */
class FakeContext {
  state: AudioContextState;
  currentTime = 0;
  destination = {};
  onstatechange: (() => void) | null = null;
  heard: number[] = [];
  disconnected = 0;
  constructor(readonly allows: boolean) {
    this.state = "suspended";
  }
  resume() {
    if (this.allows) this.state = "running";
    return Promise.resolve();
  }
  createGain() {
    const node = {
      gain: { setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined },
      connect: () => node,
      disconnect: () => (this.disconnected += 1),
    };
    return node;
  }
  createOscillator() {
    const frequency = { value: 0 };
    const node = {
      type: "",
      frequency,
      connect: (next: unknown) => next,
      start: () => this.heard.push(frequency.value),
      stop: () => undefined,
    };
    return node;
  }
}

async function armed() {
  const context = new FakeContext(true);
  const bell = new Bell(() => context as unknown as AudioContext);
  await bell.arm();
  context.heard = [];
  return { bell, context };
}
const hz = (name: keyof typeof PATTERNS) => PATTERNS[name].tones.map((tone) => tone.hz);

describe("Bell", () => {
  it("is not armed when the browser keeps the page silent", async () => {
    const bell = new Bell(() => new FakeContext(false) as unknown as AudioContext);
    expect(await bell.arm()).toBe(false);
    expect(bell).toMatchObject({ armed: false, failed: true });
  });

  it("lets the officer hear that it works", async () => {
    const context = new FakeContext(true);
    await new Bell(() => context as unknown as AudioContext).arm();
    expect(context.heard).toEqual(hz("test"));
  });

  it("repeats until told otherwise, and not faster than its pattern", async () => {
    const { bell, context } = await armed();
    for (let nowMs = 0; nowMs <= 6_000; nowMs += 1_000) bell.sound("sos", nowMs);
    expect(context.heard).toHaveLength(4 * hz("sos").length);
  });

  it("is silent at once when answered", async () => {
    const { bell, context } = await armed();
    bell.sound("sos", 0);
    bell.sound(null, 500);
    expect(context.disconnected).toBe(1);
    bell.sound(null, 9_000);
    expect(context.heard).toEqual(hz("sos"));
  });

  it("changes from a drill to an SOS without waiting", async () => {
    const { bell, context } = await armed();
    bell.sound("drill", 0);
    bell.sound("sos", 100);
    expect(context.heard).toEqual([...hz("drill"), ...hz("sos")]);
  });

  it("says so when the browser takes the sound away", async () => {
    const { bell, context } = await armed();
    context.state = "suspended";
    context.onstatechange?.();
    expect(bell).toMatchObject({ armed: false, failed: true });
  });

  it("makes no sound while disarmed", async () => {
    const { bell, context } = await armed();
    bell.disarm();
    bell.sound("sos", 0);
    bell.chime("again");
    expect(context.heard).toEqual([]);
  });
});
