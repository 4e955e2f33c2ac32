import { describe, expect, it, vi } from "vitest";
import { Stream } from "./stream.svelte";

class FakeSource extends EventTarget {
  readyState = 1;
  onerror: (() => void) | null = null;
  closed = 0;
  close() {
    this.closed += 1;
  }
  say(name: string, data: object) {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
  }
}

function rig() {
  const sources: FakeSource[] = [];
  const time = { ms: 0 };
  const beat = vi.fn();
  const refused = vi.fn();
  const stream = new Stream(
    "/api/stream",
    { beat },
    refused,
    () => {
      const source = new FakeSource();
      sources.push(source);
      return source as unknown as EventSource;
    },
    () => time.ms,
  );
  const at = (ms: number) => {
    time.ms = ms;
    stream.check();
    return stream.link;
  };
  stream.open();
  return { stream, sources, beat, refused, at };
}

describe("Stream", () => {
  it("turns lost within seven seconds of silence and live again with one beat", () => {
    const { stream, sources, beat, at } = rig();
    sources[0]?.say("beat", { server_time_ms: 5 });
    expect(stream.link).toBe("live");
    expect(at(6_500)).toBe("lost");
    sources[0]?.say("beat", { server_time_ms: 9 });
    expect(stream.link).toBe("live");
    expect(beat).toHaveBeenLastCalledWith({ server_time_ms: 9 });
    expect(sources).toHaveLength(1);
  });

  it("never closes a source that is reconnecting by itself", () => {
    const { sources, refused, at } = rig();
    const [source] = sources;
    if (source) source.readyState = 0;
    source?.onerror?.();
    at(19_000);
    expect(source?.closed).toBe(0);
    expect(refused).not.toHaveBeenCalled();
  });

  it("opens a new source when the server refused the old one, and asks why", () => {
    const { sources, refused, at } = rig();
    const [source] = sources;
    if (source) source.readyState = 2;
    source?.onerror?.();
    expect(refused).toHaveBeenCalledTimes(1);
    at(2_100);
    expect(sources).toHaveLength(2);
  });

  it("does not listen to a source it has replaced", () => {
    const { sources, beat, at } = rig();
    at(21_000);
    expect(sources).toHaveLength(2);
    sources[0]?.say("beat", {});
    expect(beat).not.toHaveBeenCalled();
  });

  it("stays quiet after it was closed", () => {
    const { stream, sources, at } = rig();
    stream.close();
    expect(at(60_000)).toBe("connecting");
    expect(sources).toHaveLength(1);
  });
});
