import { describe, expect, it } from "vitest";
import { CARD_FAULTS, type IdentityOrder, type IdentityView } from "../../../kiosk/api/identity";
import { CARD, PREFILL } from "./identity-scenes";
import { QR_TEXT, VirtualIdentity } from "./identity";

const until = (identity: VirtualIdentity, page: IdentityView["page"]) => {
  for (let tick = 0; tick < 500 && identity.view.page !== page; tick += 1) identity.tick();
  expect(identity.view.page).toBe(page);
};

function act(identity: VirtualIdentity, ...orders: IdentityOrder[]): void {
  for (const order of orders) expect(identity.act(order), order.action).toBeNull();
}

function read(purpose: string): VirtualIdentity {
  const identity = new VirtualIdentity();
  act(
    identity,
    { action: "open" },
    { action: "choose", purpose },
    { action: "agree", text_version: "identity-read-1" },
    { action: "scan", text: QR_TEXT },
  );
  expect(identity.view.page).toBe("card");
  identity.lay(true);
  until(identity, "review");
  return identity;
}

describe("the virtual card", () => {
  it("is read, looked at, sealed and taken away", () => {
    const identity = read("temporary-residence");
    expect(identity.view.fields.every(({ value }) => value === null)).toBe(true);
    act(identity, { action: "show", field: "name" }, { action: "remove", field: "sex" });
    expect(identity.view.fields.find(({ field }) => field === "name")?.value).toBe(CARD.name);
    act(identity, { action: "send", text_version: "identity-send-1" });
    until(identity, "done");
    expect(identity.view.fields).toEqual([]);
    identity.lay(false);
    expect(identity.view).toMatchObject({ page: "farewell", outcome: "finished", card_present: false });
    until(identity, "none");
  });

  it("hands over to a service what was left in, and leaves the screen to it", () => {
    const identity = new VirtualIdentity();
    let given: readonly string[] = [];
    identity.onGiven = (fields) => (given = fields);
    identity.openFor(PREFILL);
    act(identity, { action: "agree", text_version: "v" }, { action: "number", number: "001234" });
    identity.lay(true);
    until(identity, "review");
    act(identity, { action: "remove", field: "sex" }, { action: "send", text_version: "v" });
    until(identity, "none");
    expect(given).toEqual(["number", "name", "birth", "nationality", "residence"]);
  });

  it("gives the cabin its pseudonym", () => {
    const identity = read("cabin-history");
    let isBound = false;
    identity.onBound = () => (isBound = true);
    act(identity, { action: "send", text_version: "identity-send-1" });
    expect(isBound).toBe(true);
  });

  it.each(CARD_FAULTS)("ends a reading with %s and keeps nothing", (fault) => {
    const identity = new VirtualIdentity();
    identity.fault = fault;
    identity.lay(true);
    act(
      identity,
      { action: "choose", purpose: "card-check" },
      { action: "agree", text_version: "identity-read-1" },
      { action: "number", number: "001234" },
    );
    until(identity, "trouble");
    expect(identity.view).toMatchObject({ trouble: { fault }, fields: [], has_photo: false });
  });

  it("counts a pause down before another try", () => {
    const identity = new VirtualIdentity();
    identity.fault = "busy";
    act(
      identity,
      { action: "open", purpose: "card-check" },
      { action: "agree", text_version: "v" },
      { action: "number", number: "001234" },
    );
    identity.lay(true);
    until(identity, "trouble");
    expect(identity.act({ action: "retry" })).toBe("not-now");
    for (let tick = 0; tick < 40; tick += 1) identity.tick();
    act(identity, { action: "retry" });
    expect(identity.view.page).toBe("number");
  });

  it("refuses what is not offered and what cannot be", () => {
    const identity = new VirtualIdentity();
    expect(identity.act({ action: "send" })).toBe("not-now");
    act(identity, { action: "open", purpose: "card-check" });
    expect(identity.act({ action: "agree" })).toBe("text-version");
    act(identity, { action: "agree", text_version: "v" });
    expect(identity.act({ action: "scan", text: "https://example.org/0123456789" })).toBe("code");
    expect(identity.act({ action: "number", number: "1" })).toBe("number");
    act(identity, { action: "to-dates" });
    const dates = { number: "079203001234", birth: "2003-03-05", expiry: "2003-03-05" };
    expect(identity.act({ action: "dates", ...dates })).toBe("dates");
  });

  it("wipes everything when the warning runs out, and not when somebody is there", () => {
    const identity = read("card-check");
    identity.warn(2);
    act(identity, { action: "extend" });
    expect([identity.view.idle, identity.view.page]).toEqual([null, "review"]);
    identity.warn(2);
    until(identity, "farewell");
    expect(identity.view).toMatchObject({ outcome: "timed-out", fields: [], proof: null });
  });
});
