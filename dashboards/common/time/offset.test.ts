import { describe, expect, it } from "vitest";
import { ServerOffset } from "./offset";

describe("ServerOffset", () => {
  it("trusts the message that travelled fastest", () => {
    const offset = new ServerOffset();
    expect(offset.sample(10_000, 1_000)).toBe(9_000);
    expect(offset.sample(12_000, 3_400)).toBe(9_000); // 400 ms late on the way
    expect(offset.sample(14_000, 4_990)).toBe(9_010);
  });

  it("follows a server whose clock was put back, within a minute of beats", () => {
    const offset = new ServerOffset();
    offset.sample(100_000, 0);
    let estimate = 0;
    for (let beat = 1; beat <= 30; beat += 1) estimate = offset.sample(50_000 + beat * 2_000, beat * 2_000);
    expect(estimate).toBe(50_000);
  });

  it("jumps at once when the local clock slept", () => {
    const offset = new ServerOffset();
    offset.sample(1_000, 1_000);
    expect(offset.sample(601_000, 3_000)).toBe(598_000);
  });
});
