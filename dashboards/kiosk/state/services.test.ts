import { describe, expect, it, vi as spy } from "vitest";
import { Refused } from "../../common/api/local";
import { CITY_WARDS, MENU } from "../../dev/mock/kiosk/services-catalogue";
import { HOME, SERVICES_SCENES } from "../../dev/mock/kiosk/services-scenes";
import type { ServicesOrder, ServicesView } from "../api/services";
import { Services } from "./services.svelte";

const scene = (name: string): ServicesView => SERVICES_SCENES[`services-${name}`] ?? HOME;

function rig(answer: (order: ServicesOrder) => Promise<ServicesView> = () => Promise.resolve(HOME)) {
  const orders: ServicesOrder[] = [];
  const api = {
    servicesOrder: (order: ServicesOrder) => (orders.push(order), answer(order)),
    menu: spy.fn(() => Promise.resolve(MENU)),
    wards: spy.fn(() => Promise.resolve({ wards: CITY_WARDS })),
  };
  return { services: new Services(api), api, orders };
}

describe("Services", () => {
  it("asks for its lists once, and again when they did not come", async () => {
    const { services, api } = rig();
    api.menu.mockRejectedValueOnce(new Error("no answer"));
    await services.loadMenu();
    expect(services.menu).toBeNull();
    await services.loadMenu();
    await services.loadMenu();
    expect([services.menu, api.menu.mock.calls.length]).toEqual([MENU, 2]);
    api.wards.mockRejectedValueOnce(new Error("no answer"));
    await services.loadWards();
    await services.loadWards();
    await services.loadWards();
    expect([services.wards, api.wards.mock.calls.length]).toEqual([CITY_WARDS, 2]);
  });

  it("leaves the screen to the cabin when it was chosen, until something else is begun", async () => {
    const { services, orders } = rig();
    services.hear(scene("home"));
    await services.enterCabin();
    expect(orders).toEqual([{ action: "choose", service: "cabin" }]);
    expect(services.isAtCabin).toBe(true);
    services.hear({ ...HOME, version: 4 });
    expect(services.isAtCabin).toBe(true);
    services.hear(scene("group-home"));
    expect(services.isAtCabin).toBe(false);
  });

  it("stays where it is when the cabin was refused", async () => {
    const { services } = rig(() => Promise.reject(new Refused(409, "refused", { reason: "service" })));
    services.hear(scene("home"));
    await services.enterCabin();
    expect([services.isAtCabin, services.reason]).toEqual([false, "service"]);
  });

  it("forgets a page's own step with the page, and not while an answer is mended", () => {
    const { services } = rig();
    const back = () => undefined;
    services.hear(scene("phone"));
    services.stepBack = back;
    services.hear(scene("phone-fault"));
    expect(services.stepBack).toBe(back);
    services.hear(scene("check"));
    expect(services.stepBack).toBeNull();
  });

  it("keeps nothing of a person when the line is lost", async () => {
    const { services } = rig();
    await services.loadMenu();
    services.hear(scene("check-shown"));
    services.forget();
    expect([services.view, services.stepBack, services.isAtCabin]).toEqual([null, null, false]);
    expect(services.menu).toBe(MENU);
  });
});
