import { describe, expect, it } from "vitest";
import { WaveTrack } from "./wave";

const ramp = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);

describe("WaveTrack", () => {
  it("plays a piece at its own rate, a little late", () => {
    const track = new WaveTrack();
    track.add(ramp(50), 50, 0);
    expect(track.at(400)).toEqual([]);
    expect(track.at(500)).toEqual(ramp(5));
    expect(track.at(1_400)).toEqual(ramp(50));
  });

  it("goes on evenly over pieces that come in bursts", () => {
    const track = new WaveTrack();
    track.add(ramp(10), 50, 0);
    track.add(ramp(10, 10), 50, 100);
    const lengths = [410, 500, 600, 700, 800].map((ms) => track.at(ms).length);
    expect(lengths).toEqual([0, 5, 10, 15, 20]);
  });

  it("drops the oldest when it is far behind, and shows only the newest seconds", () => {
    const track = new WaveTrack();
    track.add(ramp(500), 50, 0);
    expect(track.at(60_000)).toEqual(ramp(75, 425));
    for (let second = 61; second < 80; second += 1) {
      track.add(ramp(50), 50, second * 1_000);
      track.at(second * 1_000 + 999);
    }
    expect(track.at(90_000)).toHaveLength(track.capacity);
  });

  it("forgets everything for the next person", () => {
    const track = new WaveTrack();
    track.add(ramp(50), 50, 0);
    track.at(1_000);
    track.clear();
    expect(track.at(2_000)).toEqual([]);
  });

  it("keeps its rate when a piece names none", () => {
    const track = new WaveTrack();
    track.add(ramp(4), 0, 0);
    expect(track.rateHz).toBe(50);
  });
});
