import { describe, expect, it } from "vitest";
import { Unreachable } from "./client";
import { LocalApi, Refused } from "./local";

const answering = (response: () => Response | Promise<Response>) => {
  const asked: [string, RequestInit][] = [];
  const api = new LocalApi((path, init) => (asked.push([path, init]), Promise.resolve(response())));
  return { api, asked };
};

describe("LocalApi", () => {
  it("asks freshly each time, with a body only where there is one", async () => {
    const { api, asked } = answering(() => Response.json({ fine: true }));
    expect(await api.ask("GET", "/a")).toEqual({ fine: true });
    await api.ask("POST", "/b", { x: 1 });
    expect(asked[0]?.[1]).toMatchObject({ method: "GET", cache: "no-store", headers: {} });
    expect(asked[0]?.[1].body).toBeUndefined();
    expect(asked[1]?.[1]).toMatchObject({ method: "POST", body: '{"x":1}' });
  });

  it("tells a refusal with all that came with it", async () => {
    const { api } = answering(() => Response.json({ problem: "locked", seconds: 300 }, { status: 429 }));
    await expect(api.ask("POST", "/")).rejects.toMatchObject({
      status: 429,
      problem: "locked",
      body: { seconds: 300 },
    });
  });

  it("names a refusal without a name", async () => {
    const { api } = answering(() => new Response("<html>", { status: 502 }));
    await expect(api.ask("GET", "/")).rejects.toMatchObject({ problem: "unknown", status: 502 });
    await expect(api.ask("GET", "/")).rejects.toBeInstanceOf(Refused);
  });

  it("calls no answer, and an answer that is no JSON, unreachable", async () => {
    const broken = new LocalApi(() => Promise.reject(new TypeError("no line")));
    await expect(broken.send("GET", "/")).rejects.toBeInstanceOf(Unreachable);
    const { api } = answering(() => new Response("hello"));
    await expect(api.ask("GET", "/")).rejects.toBeInstanceOf(Unreachable);
  });
});
