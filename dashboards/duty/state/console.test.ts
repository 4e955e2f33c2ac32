// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Card } from "../../common/api/types";
import { sampleCard } from "../logic/sample";
import { vi as words } from "../words/vi";
import { run } from "./commands";
import { Console } from "./console.svelte";

/** The browser's parts that a console talks to, as far as it needs them. */
class FakeSource extends EventTarget {
  static last: FakeSource;
  readyState = 1;
  constructor() {
    super();
    FakeSource.last = this;
  }
  close = () => undefined;
  say(name: string, data: object) {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
  }
}
class FakeWorker {
  static last: FakeWorker;
  onmessage: (() => void) | null = null;
  terminate = () => undefined;
  constructor() {
    FakeWorker.last = this;
  }
}

const user = { login: "an", name: "Thượng úy Trần Bình An", role: "duty_officer", wards: ["27097"] };
let lists: Card[];
let asked: string[];
let isIn: boolean;
let stop: () => void;

function answer(path: string, method: string): Response {
  asked.push(`${method} ${path}`);
  if (!isIn) return Response.json({ code: "no-session" }, { status: 401 });
  if (path === "/api/session") return Response.json({ user, csrf: "t" });
  if (path.startsWith("/api/incidents?"))
    return Response.json({ incidents: lists, last_event_id: lists.length });
  if (path.endsWith("/actions"))
    return Response.json(sampleCard({ state: "acknowledged", version: 2, last_event_id: 9 }));
  return Response.json({
    map: false,
    push_public_key: null,
    wards: [{ code: "27097", name: "Phường Bình Trưng" }],
  });
}

async function started(): Promise<Console> {
  const console = new Console();
  stop = console.start();
  await settled();
  FakeSource.last.say("hello", { last_event_id: lists.length, server_time_ms: 1_000 });
  await settled();
  return console;
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
const hear = (changes: Partial<Card>) => FakeSource.last.say("incident", sampleCard(changes));

beforeEach(() => {
  lists = [];
  asked = [];
  isIn = true;
  location.hash = "";
  localStorage.clear();
  document.body.innerHTML = '<textarea id="note"></textarea>';
  vi.stubGlobal("EventSource", FakeSource);
  vi.stubGlobal("Worker", FakeWorker);
  vi.stubGlobal("fetch", (path: string, init: RequestInit) =>
    Promise.resolve(answer(path, init.method ?? "")),
  );
});
afterEach(() => {
  stop();
  vi.unstubAllGlobals();
});

describe("Console", () => {
  it("lets a new SOS take an idle screen, and says so aloud", async () => {
    const console = await started();
    hear({ id: "i-9", last_event_id: 5 });
    expect(console.openId).toBe("i-9");
    expect(console.announcement).toBe(words.board.newSos(sampleCard().station.name));
  });

  it("opens the most urgent of those that waited already", async () => {
    lists = [
      sampleCard({ id: "young", opened_at_ms: 9 }),
      sampleCard({ id: "old", opened_at_ms: 1, last_event_id: 2 }),
    ];
    expect((await started()).openId).toBe("old");
  });

  it("leaves the keyboard to somebody who types", async () => {
    const console = await started();
    document.getElementById("note")?.focus();
    hear({ id: "i-9", last_event_id: 5 });
    expect(console.openId).toBeNull();
    expect(document.activeElement?.id).toBe("note");
    expect(console.waiting).toHaveLength(1);
  });

  it("comes from any page to a new SOS", async () => {
    location.hash = "#/report";
    const console = await started();
    hear({ id: "i-9", last_event_id: 5 });
    expect(console.route).toEqual({ page: "board", incident: "i-9" });
  });

  it("brings the lists again after a resync", async () => {
    const console = await started();
    lists = [sampleCard({ id: "missed", state: "acknowledged" })];
    FakeSource.last.say("resync", {});
    await settled();
    expect([...console.board.feed.cards.keys()]).toEqual(["missed"]);
  });

  it("acts on the open incident by key, and only by what its state allows", async () => {
    const console = await started();
    hear({ last_event_id: 5 });
    run(console, "on_scene");
    run(console, "acknowledge");
    await settled();
    expect(asked.filter((each) => each.endsWith("/actions"))).toHaveLength(1);
    expect(console.openCard?.state).toBe("acknowledged");
  });

  it("goes back one step at a time: form, then incident", async () => {
    const console = await started();
    hear({ state: "acknowledged", last_event_id: 5 });
    console.open("i-1");
    run(console, "resolve");
    expect(console.panel).toEqual({ incident: "i-1", form: "resolve" });
    run(console, "back");
    expect([console.panel, console.openId]).toEqual([null, "i-1"]);
    run(console, "back");
    await settled();
    expect(console.openId).toBeNull();
  });

  it("closes the form when another incident is opened", async () => {
    const console = await started();
    hear({ state: "acknowledged", last_event_id: 5 });
    console.open("i-1");
    run(console, "hand_over");
    console.open("i-2");
    expect(console.panel).toBeNull();
  });

  it("asks why when the stream is refused, and says that the session is over", async () => {
    const console = await started();
    isIn = false;
    FakeSource.last.readyState = 2;
    (FakeSource.last as unknown as { onerror: () => void }).onerror();
    await settled();
    expect(console.officer.status).toBe("expired");
  });

  it("counts those who wait in the tab's title", async () => {
    await started();
    hear({ last_event_id: 5 });
    const titles = [0, 1].map(() => (FakeWorker.last.onmessage?.(), document.title));
    expect(titles.sort()).toEqual(["(1) SOS", words.product]);
  });

  it("names the wards that nobody watches", async () => {
    const console = await started();
    const wards = [
      { ward: "27097", armed: 0 },
      { ward: "27112", armed: 2 },
    ];
    FakeSource.last.say("presence", { wards });
    expect(console.unwatched).toEqual(["Phường Bình Trưng"]);
    FakeSource.last.say("presence", { wards: [...wards, { ward: "*", armed: 1 }] });
    expect(console.unwatched).toEqual([]);
  });

  it("forgets one officer's drafts before the next", async () => {
    const console = await started();
    console.desk.drafts["i-1"] = "của người trước";
    await console.logout();
    expect(console.desk.drafts).toEqual({});
    expect(console.officer.status).toBe("out");
  });
});
