import { describe, expect, it } from "vitest";
import type { Json, ServicesAction, ServicesView } from "../../../kiosk/api/services";
import { VirtualServices } from "./services";
import { CITY_WARDS, KNOWN, MENU } from "./services-catalogue";
import { SERVICES_SCENES } from "./services-scenes";

const until = (services: VirtualServices, isThere: (view: ServicesView) => boolean) => {
  for (let tick = 0; tick < 200 && !isThere(services.view); tick += 1) services.tick();
  expect(isThere(services.view)).toBe(true);
};
const onPage = (page: string) => (view: ServicesView) => view.page === page;

function chosen(service: string): VirtualServices {
  const services = new VirtualServices();
  services.act({ action: "choose", service });
  services.act({ action: "start" });
  return services;
}
const answer = (services: VirtualServices, value: Json) =>
  services.act({ action: "answer", question: services.view.question?.id ?? "", value });

const REPORT: Json[] = ["noise", { at: "station" }, "Ồn ào ban đêm", null, "Nguyễn Văn An", "0903123456"];

describe("the virtual services", () => {
  it("lead through a report from its first question to the receipt, and forget it", () => {
    const services = chosen("report-civic");
    expect(services.view.question).toMatchObject({ id: "category", number: 1, of: 6 });
    for (const value of REPORT) answer(services, value);
    expect(services.view.rows).toHaveLength(6);
    expect(services.view.is_submitted).toBe(false);
    expect(services.act({ action: "submit" })).toBe("text-version");
    services.act({ action: "submit", text_version: "v" });
    until(services, onPage("receipt"));
    expect(services.view).toMatchObject({ is_submitted: true, rows: [] });
    services.act({ action: "end" });
    expect(services.view.outcome).toBe("finished");
    until(services, onPage("home"));
  });

  it("tell what is wrong with an answer and keep the question", () => {
    const services = chosen("report-civic");
    for (const value of REPORT.slice(0, 5)) answer(services, value);
    answer(services, "0903");
    expect(services.view.question).toMatchObject({ id: "phone", fault: { reason: "no-match" } });
    answer(services, "0903 123 456");
    expect(services.view.page).toBe("check");
  });

  it("ask what follows from an answer, and nothing else", () => {
    const services = chosen("contact-area-officer");
    for (const value of ["advice", "Xin hỏi", false, "Nguyễn Văn An"]) answer(services, value);
    expect(services.view.question?.id).toBe("home");
    expect(services.act({ action: "skip", question: "home" })).toBeNull();
    expect(services.view.rows.map(({ question }) => question)).not.toContain("phone");
  });

  it("hide personal rows until they are asked for, and change one answer at a time", () => {
    const services = chosen("report-civic");
    for (const value of REPORT) answer(services, value);
    const row = () => services.view.rows.find(({ question }) => question === "name");
    expect(row()).toMatchObject({ is_hidden: true, shown: { vi: "", en: "" } });
    services.act({ action: "show", question: "name" });
    expect(row()?.shown.vi).toBe("Nguyễn Văn An");
    services.act({ action: "change", question: "name" });
    services.act({ action: "back" });
    expect(services.view.page).toBe("check");
  });

  it("take what a card gave, which nobody types or sees", () => {
    const services = new VirtualServices();
    let purpose = "";
    services.onCard = (wanted) => (purpose = wanted);
    services.act({ action: "choose", service: "temporary-residence" });
    services.act({ action: "use-card" });
    expect(purpose).toBe("temporary-residence");
    services.takeCard(["number", "name", "birth"]);
    expect(services.view.question?.id).toBe("case");
    expect(services.view.service?.has_card_fields).toBe(true);
    expect(services.view.actions).not.toContain("use-card");
  });

  it("refuse what was not offered", () => {
    const services = new VirtualServices();
    expect(services.act({ action: "submit", text_version: "v" })).toBe("not-now");
    expect(services.act({ action: "choose", service: "nothing" })).toBe("service");
    expect(services.act({ action: "choose", service: "cabin" })).toBeNull();
    expect(services.view.page).toBe("home");
  });

  it("go back question by question to where they came from", () => {
    const services = chosen("report-civic");
    answer(services, "noise");
    const pages: string[] = [];
    for (let step = 0; step < 4; step += 1) {
      services.act({ action: "back" });
      pages.push(services.view.question?.id ?? services.view.page);
    }
    expect(pages).toEqual(["category", "service", "group", "home"]);
  });

  it("end in trouble when told so, and lose nothing by it", () => {
    const services = chosen("report-civic");
    for (const value of REPORT) answer(services, value);
    services.trouble = "full";
    services.act({ action: "submit", text_version: "v" });
    until(services, onPage("trouble"));
    expect(services.view.actions).toContain("submit");
    services.act({ action: "back" });
    expect(services.view.rows).toHaveLength(6);
  });

  it("wipe everything when the warning runs out, and not when somebody is there", () => {
    const services = chosen("report-civic");
    services.warn(2);
    services.act({ action: "extend" });
    expect([services.view.idle, services.view.page]).toEqual([null, "question"]);
    services.warn(1);
    until(services, onPage("farewell"));
    expect(services.view.outcome).toBe("timed-out");
  });

  it("show scenes that stand still and offer nothing twice", () => {
    const services = new VirtualServices();
    services.freeze("services-sending");
    for (let tick = 0; tick < 100; tick += 1) services.tick();
    expect(services.view.page).toBe("sending");
    for (const [name, { actions }] of Object.entries(SERVICES_SCENES))
      expect(new Set<ServicesAction>(actions).size, name).toBe(actions.length);
  });

  it("know every ward once, and offer every service in one group", () => {
    expect(new Set(CITY_WARDS.map(({ code }) => code)).size).toBe(CITY_WARDS.length);
    for (const { code, name } of CITY_WARDS) expect(`${code} ${name}`).toMatch(/^\d{5} \S/);
    const offered = MENU.needs.flatMap(({ services }) => services.map(({ id }) => id));
    expect(new Set(offered).size).toBe(offered.length);
    for (const id of Object.keys(KNOWN)) expect(offered).toContain(id);
  });
});
