import { describe, expect, it, vi as spy } from "vitest";
import { Unreachable } from "../../common/api/client";
import { Refused } from "../../common/api/local";
import { CLOSED, IDENTITY_SCENES } from "../../dev/mock/kiosk/identity-scenes";
import { QR_TEXT } from "../../dev/mock/kiosk/identity";
import type { IdentityOrder, IdentityView } from "../api/identity";
import { Identity } from "./identity.svelte";

const scene = (name: string): IdentityView => IDENTITY_SCENES[`identity-${name}`] ?? CLOSED;

function rig(answer: () => Promise<IdentityView> = () => Promise.reject(new Unreachable(""))) {
  const orders: IdentityOrder[] = [];
  const time = { ms: 0 };
  const identityOrder = spy.fn((order: IdentityOrder) => (orders.push(order), answer()));
  const identity = new Identity({ identityOrder }, undefined, () => time.ms);
  const type = (text: string) => {
    for (const key of [...text, "Enter"])
      identity.wedge.hear({ key, timeStamp: time.ms, preventDefault: () => undefined });
  };
  return { identity, orders, time, type };
}

describe("Identity", () => {
  it("lies over the cabin from the first page to the last", () => {
    const { identity } = rig();
    expect(identity.isOpen).toBe(false);
    identity.hear(CLOSED);
    expect(identity.isOpen).toBe(false);
    identity.hear(scene("purpose"));
    expect(identity.isOpen).toBe(true);
    identity.hear({ ...CLOSED, version: 3 });
    expect(identity.isOpen).toBe(false);
  });

  it("sends what was scanned only where the station asks for it", () => {
    const { identity, orders, type } = rig();
    type(QR_TEXT);
    identity.hear(scene("consent"));
    type(QR_TEXT);
    expect(orders).toEqual([]);
    identity.hear(scene("number"));
    type(QR_TEXT);
    expect(orders).toEqual([{ action: "scan", text: QR_TEXT }]);
  });

  it("tells why an order was refused, until the next screen", async () => {
    const body = { problem: "refused", reason: "code", view: { ...scene("number"), version: 8 } };
    const { identity } = rig(() => Promise.reject(new Refused(409, "refused", body)));
    identity.hear(scene("number"));
    await identity.act({ action: "scan", text: "x" });
    expect([identity.view?.version, identity.failure, identity.reason]).toEqual([8, "refused", "code"]);
    identity.hear({ ...scene("card"), version: 9 });
    expect(identity.failure).toBeNull();
  });

  it("takes a refusal without a reason, and tells silence as silence", async () => {
    const { identity } = rig(() => Promise.reject(new Refused(409, "refused", { problem: "refused" })));
    await identity.act({ action: "end" });
    expect([identity.failure, identity.reason]).toEqual(["refused", ""]);
    const silent = rig().identity;
    await silent.act({ action: "end" });
    expect(silent.failure).toBe("unanswered");
  });

  it("counts a pause from when it was told, and anew with each news of it", () => {
    const { identity, time } = rig();
    time.ms = 5_000;
    identity.hear(scene("trouble-busy"));
    expect(identity.waitUntilMs).toBe(50_000);
    time.ms = 7_000;
    identity.hear(scene("trouble-busy"));
    expect(identity.waitUntilMs).toBe(50_000);
    identity.hear(scene("trouble-gone"));
    expect(identity.waitUntilMs).toBe(7_000);
  });

  it("forgets with the line what was read and what is being typed", () => {
    const { identity, orders, type } = rig();
    identity.hear(scene("review-shown"));
    for (const key of QR_TEXT) identity.wedge.hear({ key, timeStamp: 0, preventDefault: () => undefined });
    identity.forget();
    expect([identity.view, identity.wedge.isBurst]).toEqual([null, false]);
    identity.hear(scene("number"));
    type("");
    expect(orders).toEqual([]);
  });
});
