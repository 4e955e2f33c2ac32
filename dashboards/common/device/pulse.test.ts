import { describe, expect, it } from "vitest";
import { Unreachable } from "../api/client";
import { Pulse } from "./pulse";

function watched(answer = () => Promise.resolve()) {
  const sent: string[] = [];
  const frames: (() => void)[] = [];
  const pulse = new Pulse(
    (page) => (sent.push(page), answer()),
    (drawn) => frames.push(drawn),
  );
  const seconds = (count: number) => Array.from({ length: count }, () => pulse.tick("home"));
  return { sent, frames, seconds };
}

describe("Pulse", () => {
  it("beats in its first second, and every five as long as the page draws", () => {
    const { sent, frames, seconds } = watched();
    for (let turn = 0; turn < 3; turn += 1) {
      seconds(5);
      frames.pop()?.();
    }
    expect(sent).toEqual(["home", "home", "home"]);
  });

  it("is silent when nothing was drawn, and heard again when it was", () => {
    const { sent, frames, seconds } = watched();
    seconds(30);
    expect(sent).toHaveLength(1);
    frames[0]?.();
    seconds(5);
    expect(sent).toHaveLength(2);
  });

  it("takes a station that does not answer for nothing special", async () => {
    const { sent, frames, seconds } = watched(() => Promise.reject(new Unreachable("")));
    seconds(1);
    frames.pop()?.();
    await Promise.resolve();
    seconds(5);
    expect(sent).toHaveLength(2);
  });
});
