import { describe, expect, it } from "vitest";
import { linkState, mustReopen } from "./link";

describe("linkState", () => {
  it("is connecting before anything was heard, and lost when that takes too long", () => {
    expect(linkState({ openedMs: 0, heardMs: null }, 5_499)).toBe("connecting");
    expect(linkState({ openedMs: 0, heardMs: null }, 5_500)).toBe("lost");
  });
  it("is lost five and a half seconds after the last beat and live again with the next", () => {
    expect(linkState({ openedMs: 0, heardMs: 10_000 }, 15_499)).toBe("live");
    expect(linkState({ openedMs: 0, heardMs: 10_000 }, 15_500)).toBe("lost");
    expect(linkState({ openedMs: 0, heardMs: 16_100 }, 16_200)).toBe("live");
  });
  it("does not turn grey just because the stream was opened anew", () => {
    expect(linkState({ openedMs: 16_000, heardMs: 10_000 }, 16_500)).toBe("lost");
  });
});

describe("mustReopen", () => {
  it("leaves a reconnecting stream alone for long: only it remembers the last event id", () => {
    expect(mustReopen({ openedMs: 0, heardMs: 10_000 }, 29_999, false)).toBe(false);
    expect(mustReopen({ openedMs: 0, heardMs: 10_000 }, 30_000, false)).toBe(true);
  });
  it("replaces a stream that the browser gave up after two seconds", () => {
    expect(mustReopen({ openedMs: 0, heardMs: 1_000 }, 2_999, true)).toBe(false);
    expect(mustReopen({ openedMs: 0, heardMs: 1_000 }, 3_000, true)).toBe(true);
  });
  it("gives a new stream its own time", () => {
    expect(mustReopen({ openedMs: 30_000, heardMs: 10_000 }, 31_000, true)).toBe(false);
  });
});
