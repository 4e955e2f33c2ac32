import { Unreachable, type Fetch } from "./client";

/** The station's own daemon answered and refused: `problem` is its stable name, `body` all that it said. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly problem: string,
    readonly body: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${status} ${problem}`);
  }
}

type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** The door to the daemon on this machine, for the pages that it serves itself. */
export class LocalApi {
  readonly #fetch: Fetch;

  constructor(fetcher: Fetch = (input, init) => fetch(input, init)) {
    this.#fetch = fetcher;
  }

  /** @throws Refused or Unreachable. */
  async ask<T>(method: Method, path: string, body?: object, timeoutMs = 5_000): Promise<T> {
    const response = await this.send(method, path, body, timeoutMs);
    try {
      return (await response.json()) as T;
    } catch {
      throw new Unreachable("the answer was no JSON");
    }
  }

  /** @param body JSON, or bytes of the type that they name. */
  async send(method: Method, path: string, body?: object, timeoutMs = 5_000): Promise<Response> {
    let response: Response;
    try {
      response = await this.#fetch(path, {
        method,
        headers:
          body === undefined ? {} : { "Content-Type": body instanceof Blob ? body.type : "application/json" },
        credentials: "same-origin",
        cache: "no-store",
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
      });
    } catch {
      throw new Unreachable(`${method} ${path} got no answer`);
    }
    if (response.ok) return response;
    const said = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    if (typeof said.problem === "string") throw new Refused(response.status, said.problem, said);
    throw new Refused(response.status, "unknown");
  }
}
