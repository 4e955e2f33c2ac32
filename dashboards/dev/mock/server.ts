import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Action, Session, User } from "../../common/api/types";
import { PEOPLE, WARDS } from "./places.ts";
import { sampleReport } from "./report.ts";
import { SCENARIOS } from "./scenarios.ts";
import { Streams } from "./stream.ts";
import { World } from "./world.ts";

type Handler = (request: Ask) => Promise<Answer> | Answer;
interface Ask {
  url: URL;
  id: string;
  body: Record<string, unknown>;
  user: User;
}
type Answer = [status: number, body?: unknown];

const CSRF = "mock-csrf";
const MAX_BODY = 16_384;
const JOINED: Record<string, number> = { stale: 409, "not-allowed": 409, invalid: 422, "not-found": 404 };

/** The contract's HTTP API over an invented world, for development and tests. `/mock/*` turns the knobs. */
export class MockServer {
  readonly world: World;
  readonly streams: Streams;
  armed = new Set<string>();
  /** Answer everything under /api with this status, as a broken server would. */
  failing = 0;
  #sessions = new Map<string, User>();
  #routes: [method: string, path: RegExp, handler: Handler][];

  constructor(
    readonly mapPath: string | undefined = process.env.TCDS_MAP,
    nowMs: () => number = Date.now,
  ) {
    this.world = new World(nowMs);
    this.streams = new Streams(this.world);
    this.#routes = this.#table();
  }

  /** @returns whether the request was one of ours. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const url = new URL(request.url ?? "/", "http://mock");
    if (url.pathname.startsWith("/mock/")) return reply(response, this.#knob(url));
    if (!url.pathname.startsWith("/api/")) return false;
    if (this.failing) return reply(response, [this.failing, "broken"]);
    const cookie = cookieOf(request);
    if (url.pathname === "/api/session")
      return this.#session(request.method ?? "", await readBody(request), cookie, response);
    const user = this.#sessions.get(cookie);
    return user ? this.#known(request, response, url, user) : reply(response, [401, { code: "no-session" }]);
  }

  async #known(request: IncomingMessage, response: ServerResponse, url: URL, user: User): Promise<boolean> {
    const { method = "", headers } = request;
    if (method !== "GET" && headers["x-csrf-token"] !== CSRF) return reply(response, [403, { code: "csrf" }]);
    if (url.pathname !== "/api/stream")
      return reply(response, await this.#route(method, url, await readBody(request), user));
    this.streams.serve(request, response);
    this.#tellPresence();
    return true;
  }

  async #route(method: string, url: URL, body: Record<string, unknown>, user: User): Promise<Answer> {
    for (const [verb, path, handler] of this.#routes) {
      const match = verb === method ? path.exec(url.pathname) : null;
      if (match) return handler({ url, id: match[1] ?? "", body, user });
    }
    return [404, { code: "not-found" }];
  }

  #session(method: string, body: Record<string, unknown>, cookie: string, response: ServerResponse): boolean {
    if (method === "DELETE") {
      this.#sessions.delete(cookie);
      return reply(response, [204]);
    }
    if (method === "POST") return this.#login(body, response);
    const user = this.#sessions.get(cookie);
    return reply(
      response,
      user ? [200, { user, csrf: CSRF } satisfies Session] : [401, { code: "no-session" }],
    );
  }

  #login(body: Record<string, unknown>, response: ServerResponse): boolean {
    const person = PEOPLE.find((each) => each.login === body.login && each.password === body.password);
    if (!person) return reply(response, [401, { code: "bad-credentials" }]);
    const { login, name, role, wards } = person;
    const token = `${login}${this.#sessions.size}`;
    this.#sessions.set(token, { login, name, role, wards });
    response.setHeader("Set-Cookie", `tcds=${token}; HttpOnly; SameSite=Strict; Path=/`);
    return reply(response, [200, { user: { login, name, role, wards }, csrf: CSRF } satisfies Session]);
  }

  #table(): [string, RegExp, Handler][] {
    const { world } = this;
    return [
      ["GET", /^\/api\/config$/, () => [200, this.#config()]],
      ["GET", /^\/api\/incidents$/, ({ url }) => [200, this.#list(url.searchParams.get("scope") === "open")]],
      ["GET", /^\/api\/incidents\/([\w-]+)$/, ({ id }) => found(world.details.get(id))],
      ["POST", /^\/api\/incidents\/([\w-]+)\/actions$/, (ask) => this.#act(ask)],
      [
        "POST",
        /^\/api\/incidents\/([\w-]+)\/seen$/,
        ({ id }) => (world.seen(id) ? [204] : [404, { code: "not-found" }]),
      ],
      ["GET", /^\/api\/stations$/, () => [200, { stations: world.stations }]],
      ["POST", /^\/api\/drills$/, ({ body }) => this.#drill(String(body.station))],
      [
        "GET",
        /^\/api\/roster$/,
        () => [200, { people: PEOPLE.map(({ login, name, role, wards }) => ({ login, name, role, wards })) }],
      ],
      ["GET", /^\/api\/shift-report$/, ({ url }) => [200, sampleReport(world.cards(), url.searchParams)]],
      ["GET", /^\/api\/map$/, () => this.#map()],
      ["PUT", /^\/api\/presence$/, ({ body }) => this.#hold(String(body.console))],
      ["DELETE", /^\/api\/presence\/(\w+)$/, ({ id }) => this.#release(id)],
      ["POST", /^\/api\/push-subscriptions$/, () => [201]],
      ["DELETE", /^\/api\/push-subscriptions$/, () => [204]],
    ];
  }

  #config() {
    return {
      version: "0.1.0-dev",
      map: Boolean(this.mapPath),
      tiles_url: null,
      push_public_key: null,
      wards: WARDS,
      city: "Thành phố Hồ Chí Minh",
    };
  }
  #list(openOnly: boolean) {
    const cards = this.world.cards().filter((card) => !openOnly || card.state !== "resolved");
    return { incidents: cards, last_event_id: this.world.lastEventId };
  }
  #act({ id, body, user }: Ask): Answer {
    if (user.role !== "duty_officer" && user.role !== "city_desk") return [403, { code: "forbidden" }];
    const outcome = this.world.act(id, user, body as unknown as Action);
    if ("refused" in outcome)
      return [JOINED[outcome.refused] ?? 500, { code: outcome.refused, card: outcome.card }];
    if (body.action !== "note") setTimeout(() => this.world.confirmShown(id), 1_500).unref();
    return [200, outcome.card];
  }
  #drill(station: string): Answer {
    setTimeout(() => this.world.press(station, true), 800).unref();
    return [202, { command: "c-0001" }];
  }
  #map(): Answer {
    return this.mapPath ? [200, JSON.parse(readFileSync(this.mapPath, "utf8"))] : [404, { code: "no-map" }];
  }
  #hold(console: string): Answer {
    this.armed.add(console);
    this.#tellPresence();
    return [200, { expires_in_ms: 15_000 }];
  }
  #release(console: string): Answer {
    this.armed.delete(console);
    this.#tellPresence();
    return [204];
  }

  #tellPresence(): void {
    const wards = WARDS.map(({ code }, index) => ({ ward: code, armed: index === 0 ? this.armed.size : 1 }));
    this.streams.tell("presence", { wards });
  }

  #knob({ pathname, searchParams }: URL): Answer {
    const value = searchParams.get("value") ?? "";
    const knobs: Record<string, () => unknown> = {
      "/mock/press": () => this.world.press(value, searchParams.has("drill")),
      "/mock/scenario": () => (
        this.world.clear(),
        SCENARIOS[value]?.(this.world),
        this.streams.tell("resync", {})
      ),
      "/mock/stall": () => (this.streams.isStalled = value === "on"),
      "/mock/watch": () =>
        (this.streams.watch = { ok: value === "ok", escalate_age_ms: 31_000, ingest_age_ms: 400 }),
      "/mock/fail": () => (this.failing = Number(value)),
      "/mock/cut": () => this.streams.cut(),
      "/mock/forget": () => this.#sessions.clear(),
      "/mock/steal": () =>
        this.world.act(value, PEOPLE[1] as User, {
          action: "acknowledge",
          version: this.world.details.get(value)?.card.version ?? 0,
          idempotency_key: `steal-${value}`,
        }),
    };
    const turn = knobs[pathname];
    if (!turn) return [404, { code: "not-found" }];
    turn();
    return [200, { armed: [...this.armed], last_event_id: this.world.lastEventId }];
  }
}

const cookieOf = ({ headers }: IncomingMessage) => /tcds=(\w+)/.exec(headers.cookie ?? "")?.[1] ?? "";

function found(body: unknown): Answer {
  return body ? [200, body] : [404, { code: "not-found" }];
}

function reply(response: ServerResponse, [status, body]: Answer): true {
  response.statusCode = status;
  response.setHeader("Content-Type", status >= 400 ? "application/problem+json" : "application/json");
  response.end(body === undefined ? undefined : JSON.stringify(body));
  return true;
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_BODY) return {};
  }
  return text ? (JSON.parse(text) as Record<string, unknown>) : {};
}
