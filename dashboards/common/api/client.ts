import type {
  Action,
  Card,
  CardList,
  Config,
  Detail,
  PushKeys,
  RosterEntry,
  Session,
  ShiftReport,
  Station,
} from "./types";

/** The server answered and refused: `code` is stable (RFC 9457 problem), the words are ours to choose. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly card: Card | null = null,
    readonly retryAfterS: number | null = null,
    /** All that the server said. */
    readonly body: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${status} ${code}`);
  }
}

/** No usable answer: the network, a proxy or the time limit. Whether the server acted is unknown. */
export class Unreachable extends Error {}

export type Fetch = (input: string, init: RequestInit) => Promise<Response>;
export type Method = "GET" | "POST" | "PUT" | "DELETE";

const TIMEOUT_MS = 8_000;

/** The typed door to the HTTP API. Bodies are trusted to be what `types.ts` says: same origin, same release. */
export class Api {
  #csrf = "";
  readonly #fetch: Fetch;

  constructor(
    fetcher: Fetch = (input, init) => fetch(input, init),
    readonly onSessionLost: () => void = () => undefined,
  ) {
    this.#fetch = fetcher;
  }

  async login(login: string, password: string): Promise<Session> {
    return this.#keep(await this.ask<Session>("POST", "/api/session", { login, password }));
  }
  async session(): Promise<Session> {
    return this.#keep(await this.ask<Session>("GET", "/api/session"));
  }
  async logout(): Promise<void> {
    await this.#send("DELETE", "/api/session");
    this.#csrf = "";
  }
  config = () => this.ask<Config>("GET", "/api/config");
  incidents = (scope: "open" | "recent") => this.ask<CardList>("GET", `/api/incidents?scope=${scope}`);
  incident = (id: string) => this.ask<Detail>("GET", `/api/incidents/${encodeURIComponent(id)}`);
  act = (id: string, action: Action) =>
    this.ask<Card>("POST", `/api/incidents/${encodeURIComponent(id)}/actions`, action);
  seen = (id: string) => this.#send("POST", `/api/incidents/${encodeURIComponent(id)}/seen`, {});
  stations = () => this.ask<{ stations: Station[] }>("GET", "/api/stations");
  drill = (station: string) => this.ask<{ command: string }>("POST", "/api/drills", { station });
  roster = () => this.ask<{ people: RosterEntry[] }>("GET", "/api/roster");
  shiftReport = (fromMs: number, toMs: number) =>
    this.ask<ShiftReport>("GET", `/api/shift-report?from_ms=${fromMs}&to_ms=${toMs}`);
  map = <T>() => this.ask<T>("GET", "/api/map");
  holdPresence = (console: string) =>
    this.ask<{ expires_in_ms: number }>("PUT", "/api/presence", { console, armed: true });
  releasePresence = (console: string) => this.#send("DELETE", `/api/presence/${console}`, undefined, true);
  addPush = (keys: PushKeys) => this.#send("POST", "/api/push-subscriptions", keys);
  removePush = (keys: PushKeys) => this.#send("DELETE", "/api/push-subscriptions", keys);

  #keep(session: Session): Session {
    this.#csrf = session.csrf;
    return session;
  }

  /** @throws Problem or Unreachable. */
  async ask<T>(method: Method, path: string, body?: object): Promise<T> {
    const response = await this.#send(method, path, body);
    try {
      return (await response.json()) as T;
    } catch {
      throw new Unreachable("the answer was no JSON");
    }
  }

  /** @param keepalive let the request outlive the page (used while it is being closed). */
  async #send(
    method: Method,
    path: string,
    body?: object,
    keepalive = false,
    isSecond = false,
  ): Promise<Response> {
    let response: Response;
    try {
      response = await this.#fetch(path, {
        method,
        headers: this.#headers(method, body),
        credentials: "same-origin",
        cache: "no-store",
        keepalive,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch {
      throw new Unreachable(`${method} ${path} got no answer`);
    }
    if (response.ok) return response;
    const refusal = await this.#refusal(response);
    if (refusal instanceof Problem && refusal.code === "csrf" && !isSecond) {
      await this.session(); // another tab signed in meanwhile: take its token and go on
      return this.#send(method, path, body, keepalive, true);
    }
    throw refusal;
  }

  #headers(method: Method, body?: object): Record<string, string> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (method !== "GET") headers["X-CSRF-Token"] = this.#csrf;
    return headers;
  }

  async #refusal(response: Response): Promise<Problem | Unreachable> {
    const problem = (await response.json().catch(() => null)) as
      ({ code?: string; card?: Card } & Record<string, unknown>) | null;
    if (typeof problem?.code !== "string") return new Unreachable(`answer ${response.status} without a code`);
    if (problem.code === "no-session") this.onSessionLost();
    const retryAfter = Number(response.headers.get("Retry-After"));
    return new Problem(
      response.status,
      problem.code,
      problem.card ?? null,
      retryAfter > 0 ? retryAfter : null,
      problem,
    );
  }
}
