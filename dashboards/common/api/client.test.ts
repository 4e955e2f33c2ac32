import { describe, expect, it, vi } from "vitest";
import { Api, Problem, Unreachable } from "./client";

const session = { user: { login: "an", name: "An", role: "duty_officer", wards: [] }, csrf: "token-1" };

function answering(...answers: (Response | Error)[]) {
  const fetcher = vi.fn((input: string, init: RequestInit) => {
    void input;
    void init;
    const answer = answers.shift();
    if (!answer) throw new Error("asked more often than expected");
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  return fetcher;
}
const json = (body: object, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });

describe("Api", () => {
  it("sends the session's CSRF token with everything that changes something", async () => {
    const fetcher = answering(json(session), json({ incidents: [], last_event_id: 0 }), new Response(null));
    const api = new Api(fetcher);
    await api.login("an", "secret");
    await api.incidents("open");
    await api.seen("i-1");
    const headers = fetcher.mock.calls.map(
      ([, init]) => (init.headers as Record<string, string>)["X-CSRF-Token"],
    );
    expect(headers).toEqual(["", undefined, "token-1"]);
  });

  it("takes the new token when another tab signed in, and asks once more only", async () => {
    const csrf = () => json({ code: "csrf" }, 403);
    const api = new Api(answering(csrf(), json(session), new Response(null), csrf(), json(session), csrf()));
    await api.seen("i-1");
    await expect(api.seen("i-1")).rejects.toMatchObject({ code: "csrf" });
  });

  it("hands a stale answer on with its fresh card", async () => {
    const api = new Api(answering(json({ code: "stale", card: { id: "i-1", version: 7 } }, 409)));
    const refusal = await api
      .act("i-1", { action: "acknowledge", version: 1, idempotency_key: "k" })
      .catch((e) => e);
    expect(refusal).toBeInstanceOf(Problem);
    expect(refusal).toMatchObject({ status: 409, code: "stale", card: { version: 7 } });
  });

  it("tells how long a throttled login must wait", async () => {
    const api = new Api(answering(json({ code: "throttled" }, 429, { "Retry-After": "30" })));
    await expect(api.login("an", "x")).rejects.toMatchObject({ code: "throttled", retryAfterS: 30 });
  });

  it("calls a dead network and a proxy's error page the same: no usable answer", async () => {
    const api = new Api(answering(new TypeError("refused"), new Response("<h1>502</h1>", { status: 502 })));
    await expect(api.config()).rejects.toBeInstanceOf(Unreachable);
    await expect(api.config()).rejects.toBeInstanceOf(Unreachable);
  });

  it("reports a lost session once per refusal, but not for wrong credentials", async () => {
    const lost = vi.fn();
    const api = new Api(
      answering(json({ code: "no-session" }, 401), json({ code: "bad-credentials" }, 401)),
      lost,
    );
    await expect(api.incidents("open")).rejects.toMatchObject({ code: "no-session" });
    await expect(api.login("an", "wrong")).rejects.toMatchObject({ code: "bad-credentials" });
    expect(lost).toHaveBeenCalledTimes(1);
  });
});
