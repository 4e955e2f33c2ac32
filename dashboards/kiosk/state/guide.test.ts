import { describe, expect, it, vi as spy } from "vitest";
import { Unreachable } from "../../common/api/client";
import { Refused } from "../../common/api/local";
import { GUIDE_SCENES } from "../../dev/mock/kiosk/guide";
import type { GuideOrder, GuideTurn } from "../api/guide";
import { Guide } from "./guide.svelte";

const scene = (name: string): GuideTurn => {
  const found = GUIDE_SCENES[name];
  if (!found) throw new Error(name);
  return found;
};
const OPEN: GuideTurn = { ...scene("sos"), intents: [{ kind: "open", service: "birth" }] };

function rig(...answers: (GuideTurn | Error | Promise<GuideTurn>)[]) {
  const orders: GuideOrder[] = [];
  const onTurn = spy.fn();
  const onOpen = spy.fn();
  const guide = new Guide(
    {
      guide: (order: GuideOrder) => {
        orders.push(order);
        const answer = answers.shift() ?? scene("greeting");
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      },
    },
    onTurn,
    onOpen,
  );
  return { guide, orders, onTurn, onOpen };
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("Guide", () => {
  it("greets when it is opened, and tells of every turn", async () => {
    const { guide, orders, onTurn } = rig();
    guide.open();
    expect(guide.isOpen).toBe(true);
    await settled();
    expect(orders).toEqual([{ event: "start" }]);
    expect(guide.turn).toEqual(scene("greeting"));
    expect(onTurn).toHaveBeenCalledTimes(1);
  });

  it("opens what was chosen, and keeps its page until the other is there", async () => {
    const { guide, onOpen, onTurn } = rig(scene("choose"), OPEN);
    guide.open();
    await settled();
    await guide.act({ event: "choose", service: "birth" });
    expect(onOpen).toHaveBeenCalledExactlyOnceWith("birth");
    expect([guide.isOpen, guide.turn]).toEqual([true, scene("choose")]);
    expect(onTurn).toHaveBeenCalledTimes(1);
  });

  it("takes a second press while the first is on its way for the same", async () => {
    const { guide, orders } = rig();
    await Promise.all([guide.act({ event: "refuse" }), guide.act({ event: "refuse" })]);
    expect(orders).toEqual([{ event: "refuse" }]);
    expect(guide.isBusy).toBe(false);
  });

  it("tells why nothing came of it, until the next try", async () => {
    const refused = new Refused(409, "refused", { reason: "not-ready" });
    const { guide } = rig(refused, new Unreachable(""), new Refused(503, "too-slow"));
    await guide.act({ event: "say", text: "khai sinh" });
    expect(guide.failure).toBe("not-ready");
    await guide.act({ event: "say", text: "khai sinh" });
    expect(guide.failure).toBe("unanswered");
    await guide.act({ event: "say", text: "khai sinh" });
    expect(guide.failure).toBe("unanswered");
    await guide.act({ event: "start" });
    expect([guide.failure, guide.isBusy]).toEqual([null, false]);
  });

  it("forgets and lets the daemon forget when it is left, once", async () => {
    const { guide, orders } = rig();
    guide.leave();
    expect(orders).toEqual([]);
    guide.open();
    await settled();
    guide.leave();
    guide.leave();
    expect(orders).toEqual([{ event: "start" }, { event: "leave" }]);
    expect([guide.isOpen, guide.turn, guide.failure]).toEqual([false, null, null]);
  });

  it("shows nobody the answer to somebody who has left", async () => {
    let answer: (turn: GuideTurn) => void = () => undefined;
    const { guide, onTurn, onOpen } = rig(new Promise<GuideTurn>((resolve) => (answer = resolve)));
    guide.open();
    guide.close();
    answer(OPEN);
    await settled();
    expect([guide.turn, guide.isBusy]).toEqual([null, false]);
    expect([onTurn.mock.calls.length, onOpen.mock.calls.length]).toEqual([0, 0]);
  });

  it("goes back from the ways to a person, and then to the start screen", async () => {
    const { guide } = rig();
    guide.open();
    await settled();
    guide.isPersonShown = true;
    guide.back();
    expect([guide.isOpen, guide.isPersonShown]).toEqual([true, false]);
    guide.back();
    expect(guide.isOpen).toBe(false);
  });
});
