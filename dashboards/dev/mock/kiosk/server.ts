import type { IncomingMessage, ServerResponse } from "node:http";
import type { GuideOrder } from "../../../kiosk/api/guide.ts";
import type { IdentityFault, IdentityOrder } from "../../../kiosk/api/identity.ts";
import type { ServicesOrder, ServiceTrouble } from "../../../kiosk/api/services.ts";
import type { Order, SosStage, Status, Trouble } from "../../../kiosk/api/types.ts";
import { VirtualCabin } from "./cabin.ts";
import { deskRoutes, type Route } from "./desk-routes.ts";
import { Desk } from "./desk.ts";
import { GUIDE_SCENES, VirtualGuide } from "./guide.ts";
import { readBody, reply, type Answer, type Body } from "./http.ts";
import { IDENTITY_SCENES, PREFILL } from "./identity-scenes.ts";
import { VirtualIdentity } from "./identity.ts";
import { faceLike, qrLike, toneWav } from "./media.ts";
import { NOT_PAYING, PAYING_SCENES } from "./paying-scenes.ts";
import { SCENES } from "./scenes.ts";
import { CITY_WARDS, MENU } from "./services-catalogue.ts";
import { SERVICES_SCENES } from "./services-scenes.ts";
import { VirtualServices } from "./services.ts";

const TICK_MS = 100;
const BEAT_MS = 2_000;
const PIN = "246810";
const COOKIE = "tcds-service=mock";
const OURS =
  /^\/(?:api\/(?:kiosk|cabin|identity|services|paying|guide|sos|speech|beat)\b|service\/api\/|mock\/kiosk\/)/;

/** The kiosk's local API (edge/kiosk) over a virtual cabin, for development and tests. `/mock/kiosk/*` turns the knobs. */
export class KioskMock {
  readonly cabin = new VirtualCabin();
  readonly identity = new VirtualIdentity();
  readonly services = new VirtualServices();
  readonly guide = new VirtualGuide();
  readonly desk = new Desk();
  status: Status = { online: true, sos: null, at_ms: 0 };
  about = {
    station: { id: "dkc-a1-01", name: "Trạm Sảnh tháp Sen 1", place: "Sảnh tháp Sen 1, 25 đường Ven Sông" },
    has_cabin: true,
    has_card: true,
    has_services: false,
    has_guide: false,
    has_printer: true,
    has_service: true,
    release: "0.1.0-dev",
  };
  /** What a test wants to know afterwards. */
  readonly heard = {
    speech: [] as string[],
    beats: [] as string[],
    sos: [] as string[],
    orders: [] as Order[],
    identity: [] as IdentityOrder[],
    services: [] as ServicesOrder[],
    guide: [] as GuideOrder[],
  };
  #knobs = { sos: "ok", printer: "ok", voice: "on", stall: "off" };
  #open = new Set<ServerResponse>();
  #wrongPins = 0;
  readonly #routes: Route[] = this.#table();

  constructor() {
    this.cabin.onView = (view) => this.#tell("view", view);
    this.cabin.onWave = (wave) => this.#tell("wave", wave);
    this.identity.onView = (view) => this.about.has_card && this.#tell("identity", view);
    this.identity.onBound = () => this.cabin.bind();
    this.identity.onGiven = (fields) => this.services.takeCard(fields);
    this.services.onView = (view) => this.about.has_services && this.#tell("services", view);
    this.services.onCard = (purpose) => this.identity.openFor({ ...PREFILL, purpose });
    setInterval(() => (this.cabin.tick(), this.identity.tick(), this.services.tick()), TICK_MS).unref();
    setInterval(() => this.#tell("beat", {}), BEAT_MS).unref();
  }

  /** @returns whether the request was one of ours. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const url = new URL(request.url ?? "/", "http://mock");
    if (!OURS.test(url.pathname)) return false;
    response.setHeader("Cache-Control", "no-store");
    const special: Record<string, () => boolean> = {
      "/api/cabin/stream": () => this.#serve(request, response),
      "/api/speech": () => this.#speak(url, response),
      "/api/cabin/sheet.svg": () => this.#draw(response, this.cabin.view.page === "sheet", qrLike),
      "/api/services/receipt.svg": () => this.#draw(response, this.services.view.page === "receipt", qrLike),
      "/api/paying/codes": () => this.#draw(response, true, qrLike),
      "/api/identity/photo": () => this.#draw(response, this.identity.view.has_photo, faceLike),
    };
    const serve = special[url.pathname.replace(/\/codes\/.*/, "/codes")];
    if (serve) return serve();
    return url.pathname.startsWith("/mock/")
      ? reply(response, this.#turn(url))
      : this.#answer(request, response, url);
  }

  async #answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean> {
    const body = await readBody(request);
    if (url.pathname === "/service/api/login") return this.#login(body, response);
    if (url.pathname.startsWith("/service/") && !(request.headers.cookie ?? "").includes(COOKIE))
      return reply(response, [401, { problem: "no-session" }]);
    return reply(response, await this.#route(request.method ?? "", url, body));
  }

  cut(): void {
    for (const response of this.#open) response.destroy();
    this.#open.clear();
  }

  async #route(method: string, url: URL, body: Body): Promise<Answer> {
    for (const [verb, path, handler] of this.#routes) {
      const match = verb === method ? path.exec(url.pathname) : null;
      if (match) return handler({ url, id: decodeURIComponent(match[1] ?? ""), body });
    }
    return [404, { problem: "not-found" }];
  }

  #table(): Route[] {
    return [
      ["GET", /^\/api\/kiosk$/, () => [200, this.about]],
      ["POST", /^\/api\/cabin\/orders$/, ({ body }) => this.#order(body)],
      ["POST", /^\/api\/identity\/orders$/, ({ body }) => this.#identityOrder(body)],
      ["POST", /^\/api\/services\/orders$/, ({ body }) => this.#servicesOrder(body)],
      ["POST", /^\/api\/guide$/, ({ body }) => this.#guideOrder(body)],
      ["GET", /^\/api\/services$/, () => [200, MENU]],
      ["GET", /^\/api\/services\/wards$/, () => [200, { wards: CITY_WARDS }]],
      ["GET", /^\/api\/services\/pictures\/[a-z0-9-]+$/, () => [200, { taken: [] }]],
      ["POST", /^\/api\/services\/print$/, () => this.#print(this.services.view.page === "receipt")],
      ["POST", /^\/api\/services\/draft\/print$/, () => this.#print(this.services.view.page === "kept")],
      ["POST", /^\/api\/sos$/, ({ body }) => this.#sos(String(body.id))],
      ["POST", /^\/api\/cabin\/print$/, () => this.#print(this.cabin.view.page === "sheet")],
      ["POST", /^\/api\/beat$/, ({ body }) => (this.heard.beats.push(String(body.page)), [204])],
      ...deskRoutes(this.desk),
    ];
  }

  #order(body: Body): Answer {
    const order = body as unknown as Order;
    this.heard.orders.push(order);
    const view = this.cabin.act(order);
    return view ? [200, view] : [409, { problem: "refused", reason: "not-now", view: this.cabin.view }];
  }

  #identityOrder(body: Body): Answer {
    const order = body as unknown as IdentityOrder;
    this.heard.identity.push(order);
    const reason = this.identity.act(order);
    const { view } = this.identity;
    return reason === null ? [200, view] : [409, { problem: "refused", reason, view }];
  }

  #servicesOrder(body: Body): Answer {
    const order = body as unknown as ServicesOrder;
    this.heard.services.push(order);
    const reason = this.services.act(order);
    const { view } = this.services;
    return reason === null ? [200, view] : [409, { problem: "refused", reason, view }];
  }

  #guideOrder(body: Body): Answer {
    const order = body as unknown as GuideOrder;
    this.heard.guide.push(order);
    const answered = this.guide.act(order);
    if ("turn" in answered) return [200, answered.turn];
    return [409, { problem: "refused", reason: answered.refusal }];
  }

  #sos(id: string): Answer {
    if (this.#knobs.sos !== "ok") return [503, { problem: "not-recorded" }];
    this.heard.sos.push(id);
    this.setStatus({ sos: { stage: "recorded" } });
    return [200, { stage: "recorded" }];
  }

  setStatus(more: Partial<Status>): void {
    this.status = { ...this.status, ...more, at_ms: Date.now() };
    this.#tell("status", this.status);
  }

  #print(isThere: boolean): Answer {
    if (!isThere) return [409, { problem: "no-sheet" }];
    return this.#knobs.printer === "ok" ? [200, { printed: true }] : [503, { problem: this.#knobs.printer }];
  }

  #login(body: Body, response: ServerResponse): boolean {
    if (this.#wrongPins >= 5) return reply(response, [429, { problem: "locked", seconds: 300 }]);
    if (body.pin !== PIN) {
      this.#wrongPins += 1;
      return reply(response, [401, { problem: "wrong-pin" }]);
    }
    this.#wrongPins = 0;
    response.setHeader("Set-Cookie", `${COOKIE}; HttpOnly; SameSite=Strict; Path=/service`);
    return reply(response, [204]);
  }

  #speak({ searchParams }: URL, response: ServerResponse): boolean {
    this.heard.speech.push(searchParams.get("text") ?? "");
    if (this.#knobs.voice !== "on") return reply(response, [503, { problem: "no-voice" }]);
    response.setHeader("Content-Type", "audio/wav");
    response.end(toneWav());
    return true;
  }

  #draw(response: ServerResponse, isThere: boolean, draw: () => string): boolean {
    if (!isThere) return reply(response, [409, { problem: "nothing-to-draw" }]);
    response.setHeader("Content-Type", "image/svg+xml");
    response.end(draw());
    return true;
  }

  #serve(request: IncomingMessage, response: ServerResponse): boolean {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    response.write("retry: 500\n\n");
    this.#open.add(response);
    if (this.about.has_services) this.#send(response, "services", this.services.view);
    this.#send(response, "view", this.cabin.view);
    if (this.about.has_card) this.#send(response, "identity", this.identity.view);
    this.#send(response, "status", this.status);
    request.on("close", () => this.#open.delete(response));
    return true;
  }

  #tell(name: string, data: unknown): void {
    for (const response of this.#open) this.#send(response, name, data);
  }
  #send(response: ServerResponse, name: string, data: unknown): void {
    if (this.#knobs.stall !== "on") response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  #turn({ pathname, searchParams }: URL): Answer {
    const name = pathname.slice("/mock/kiosk/".length);
    const value = searchParams.get("value") ?? "";
    const turns: Record<string, () => unknown> = {
      scene: () => this.#scene(value),
      trouble: () => (this.cabin.trouble = value as Trouble),
      fault: () => (this.identity.fault = value as IdentityFault),
      card: () => this.identity.lay(value === "on"),
      idle: () => this.#inFront().warn(Number(value)),
      stage: () => this.setStatus({ sos: value === "" ? null : { stage: value as SosStage } }),
      online: () => this.setStatus({ online: (this.services.isOnline = value === "yes") }),
      services: () => (this.about = { ...this.about, has_services: value === "yes" }),
      guide: () => (this.about = { ...this.about, has_guide: value === "yes", has_services: true }),
      "guide-scene": () => (this.guide.scene = value),
      "guide-refusal": () => (this.guide.refusal = value),
      "no-submit": () => (this.services.trouble = value === "" ? null : (value as ServiceTrouble)),
      // A bare station has neither; `reader` gives it one.
      cabin: () => (this.about = { ...this.about, has_cabin: value === "yes", has_card: value === "yes" }),
      reader: () => (this.about = { ...this.about, has_card: value === "yes" }),
      cut: () => this.cut(),
      fast: () => (this.desk.delayMs = 50),
      reset: () => this.#reset(),
      heard: () => undefined,
    };
    if (name in this.#knobs) this.#knobs = { ...this.#knobs, [name]: value };
    else if (!turns[name]) return [404, { problem: "not-found" }];
    turns[name]?.();
    return [
      200,
      {
        ...this.heard,
        guideScenes: Object.keys(GUIDE_SCENES),
        scenes: Object.keys({ ...SCENES, ...IDENTITY_SCENES, ...SERVICES_SCENES, ...PAYING_SCENES }),
      },
    ];
  }

  #inFront(): VirtualCabin | VirtualIdentity | VirtualServices {
    if (this.identity.view.page !== "none") return this.identity;
    return this.services.view.page === "home" ? this.cabin : this.services;
  }

  /** A screen of the card stands over the others; any other takes the card's away. */
  #scene(name: string): void {
    if (name in IDENTITY_SCENES) return this.identity.freeze(name);
    if (this.identity.view.page !== "none") this.identity.restart();
    this.#tell("paying", PAYING_SCENES[name] ?? NOT_PAYING);
    if (name in SERVICES_SCENES || name in PAYING_SCENES) return this.#servicesScene(name);
    this.services.restart();
    if (name === "live") this.cabin.restart();
    else this.cabin.freeze(SCENES[name] ?? this.cabin.view);
  }

  #servicesScene(name: string): void {
    this.about.has_services = true;
    this.cabin.restart();
    this.services.freeze(name in PAYING_SCENES ? "services-receipt-bill" : name);
  }

  #reset(): void {
    this.#knobs = { sos: "ok", printer: "ok", voice: "on", stall: "off" };
    this.#wrongPins = 0;
    for (const list of Object.values(this.heard)) list.length = 0;
    this.desk.devices = new Desk().devices;
    this.about = { ...this.about, has_cabin: true, has_card: true, has_services: false, has_guide: false };
    this.services.isOnline = true;
    this.services.trouble = null;
    this.services.reset();
    this.guide.restart();
    this.cabin.trouble = null;
    this.identity.fault = null;
    this.identity.restart();
    this.cabin.restart();
    this.setStatus({ online: true, sos: null });
  }
}
