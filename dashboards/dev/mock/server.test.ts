import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Api, Problem } from "../../common/api/client";
import type { Card } from "../../common/api/types";
import { MockServer } from "./server";

let mock: MockServer;
let server: Server;
let base: string;
let cookie = "";

beforeEach(async () => {
  mock = new MockServer(undefined);
  server = createServer((request, response) => void mock.handle(request, response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  cookie = "";
});
afterEach(async () => {
  mock.streams.cut();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

/** The real client over a real socket, with the cookie a browser would keep. */
const api = new Api(async (path, init) => {
  const response = await fetch(base + path, { ...init, headers: { ...init.headers, cookie } });
  cookie = response.headers.get("set-cookie")?.split(";")[0] ?? cookie;
  return response;
});
const act = (card: Card, version: number, key: string) =>
  api.act(card.id, { action: "acknowledge", version, idempotency_key: key });

/** Reads a stream until `count` events of that name have come. */
async function events(
  name: string,
  count: number,
  lastEventId?: number,
): Promise<{ id: string; data: Card }[]> {
  const headers = { cookie, ...(lastEventId === undefined ? {} : { "Last-Event-ID": String(lastEventId) }) };
  const response = await fetch(`${base}/api/stream`, { headers });
  const found: { id: string; data: Card }[] = [];
  let text = "";
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += new TextDecoder().decode(chunk);
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks.filter((each) => each.includes(`event: ${name}\n`)))
      found.push({
        id: /^id: (.*)$/m.exec(block)?.[1] ?? "",
        data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? "null") as Card,
      });
    if (found.length >= count) return found;
  }
  return found;
}

describe("the mock keeps the contract", () => {
  it("lets nobody in without a session, and an auditor change nothing", async () => {
    await expect(api.incidents("open")).rejects.toMatchObject({ code: "no-session" });
    await api.login("lan", "tram-cong-dan");
    await expect(act(mock.world.press("dkc-a1-01"), 1, "k")).rejects.toMatchObject({ code: "forbidden" });
  });

  it("joins presses of one station within a minute and keeps each", async () => {
    await api.login("an", "tram-cong-dan");
    mock.world.press("dkc-a1-01", false, 30_000);
    const card = mock.world.press("dkc-a1-01");
    expect((await api.incident(card.id)).presses).toHaveLength(2);
    expect((await api.incidents("open")).incidents).toMatchObject([{ id: card.id, press_count: 2 }]);
  });

  it("answers the same key twice alike, and a stale version with the fresh card", async () => {
    await api.login("an", "tram-cong-dan");
    const card = mock.world.press("dkc-a1-01");
    const done = await act(card, card.version, "key");
    expect(await act(card, card.version, "key")).toEqual(done);
    const refusal = await act(card, card.version, "other").catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Problem);
    expect(refusal).toMatchObject({ code: "stale", card: { version: done.version, state: "acknowledged" } });
  });

  it("replays one card for each incident that changed after the last event id", async () => {
    await api.login("an", "tram-cong-dan");
    const { last_event_id } = mock.world.press("dkc-a1-01");
    mock.world.press("dkc-b2-01");
    mock.world.press("dkc-b2-01");
    const replayed = await events("incident", 1, last_event_id);
    expect(replayed).toMatchObject([{ id: String(last_event_id + 2), data: { press_count: 2 } }]);
  });

  it("beats with the server's time and the watch", async () => {
    await api.login("an", "tram-cong-dan");
    const [beat] = await events("beat", 1);
    expect(beat?.data).toMatchObject({ watch: { ok: true } });
  });

  it("counts armed consoles while they hold their lease", async () => {
    await api.login("an", "tram-cong-dan");
    expect(await api.holdPresence("ab12")).toEqual({ expires_in_ms: 15_000 });
    expect(mock.armed).toEqual(new Set(["ab12"]));
    await api.releasePresence("ab12");
    expect(mock.armed.size).toBe(0);
  });
});
