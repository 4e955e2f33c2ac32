import { Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { describe, expect, it } from "vitest";
import { Problem, Unreachable } from "../../common/api/client";
import type { DeskApi } from "../api/desk";
import { sampleCard, sampleForm } from "../logic/sample";
import { Inbox } from "./inbox.svelte";
import { Open } from "./open.svelte";
import { IDLE_MS, Vault } from "./vault.svelte";

const rig = (calls: Record<string, unknown>) => calls as unknown as DeskApi;
const detail = (changed = {}) => ({ card: sampleCard(changed), events: [], forms: [sampleForm()] });

describe("Open", () => {
  const opened = async (act: (...sent: never[]) => Promise<unknown>, now = detail()) => {
    const open = new Open(
      rig({ request: () => Promise.resolve(now), service: () => Promise.reject(new Error()), act }),
      () => undefined,
    );
    await open.show("1".repeat(32));
    return open;
  };

  it("sends what was not answered again under the same key, so that it is done once", async () => {
    const keys: string[] = [];
    const open = await opened((_card: unknown, _verb: unknown, key: string) => {
      keys.push(key);
      return keys.length === 1
        ? Promise.reject(new Unreachable())
        : Promise.resolve(sampleCard({ version: 2 }));
    });
    expect(await open.act("receive", {})).toBe(false);
    expect(open.refusal).toEqual({ code: "unsent", card: null });
    expect(await open.act("receive", {})).toBe(true);
    expect(keys[0]).toBe(keys[1]);
    await open.act("receive", {});
    expect(keys[2]).not.toBe(keys[1]);
  });

  it("shows what somebody faster has made of it, and says so", async () => {
    const card = sampleCard({ state: "received", version: 2 });
    const open = await opened(() => Promise.reject(new Problem(409, "stale", null, null, { card })));
    expect(await open.act("receive", {})).toBe(false);
    expect(open.refusal).toEqual({ code: "stale", card });
    expect(open.busy).toBeNull();
  });

  it("closes a form that the request does not allow any more", async () => {
    const open = await opened(() => Promise.resolve());
    open.panel = "refuse";
    await open.reload();
    expect(open.panel).toBeNull();
  });
});

describe("Inbox", () => {
  it("brings the list once more for all that changed while it was brought", async () => {
    let count = 0;
    const inbox = new Inbox(
      rig({ list: () => Promise.resolve({ requests: [sampleCard({ version: ++count })], next: null }) }),
    );
    await Promise.all([inbox.refresh(), inbox.refresh(), inbox.refresh()]);
    expect(count).toBeLessThanOrEqual(2);
    expect(inbox.cards[0]?.version).toBe(count);
  });

  it("keeps what it has when the centre does not answer", async () => {
    let fails = false;
    const list = () =>
      fails ? Promise.reject(new Unreachable()) : Promise.resolve({ requests: [sampleCard()], next: null });
    const inbox = new Inbox(rig({ list }));
    await inbox.refresh();
    fails = true;
    await inbox.refresh();
    expect([inbox.status, inbox.cards.length]).toEqual(["ready", 1]);
  });

  it("tells a mistyped code from one that nobody answered for", async () => {
    const inbox = new Inbox(rig({ find: () => Promise.reject(new Problem(422, "mistyped")) }));
    await inbox.find("x");
    expect(inbox.found).toBe("mistyped");
  });
});

describe("Vault", () => {
  const filled = async () => {
    const identity = await generateX25519Identity();
    const encrypter = new Encrypter();
    encrypter.addRecipient(await identityToRecipient(identity));
    const card = sampleCard();
    const text = JSON.stringify({ request: card.id, tracking: card.tracking, answers: {} });
    const sealed = Buffer.from(await encrypter.encrypt(text)).toString("base64");
    let now = 0;
    const vault = new Vault(
      rig({ sealed: () => Promise.resolve({ recipients: [], sealed, amendments: [] }) }),
      () => now,
    );
    vault.take(identity);
    await vault.open(card);
    return { vault, card, wait: (ms: number) => (now += ms) };
  };

  it("forgets key and content when nobody does anything for a while", async () => {
    const { vault, wait } = await filled();
    expect(vault.parts).toHaveLength(1);
    wait(IDLE_MS - 1);
    vault.tick();
    expect(vault.hasKey).toBe(true);
    wait(1);
    vault.tick();
    expect([vault.hasKey, vault.parts.length, vault.of]).toEqual([false, 0, null]);
  });

  it("keeps the key while somebody works", async () => {
    const { vault, wait } = await filled();
    wait(IDLE_MS - 1);
    vault.touch();
    wait(IDLE_MS - 1);
    vault.tick();
    expect(vault.hasKey).toBe(true);
  });

  it("shows nothing that belongs to another request", async () => {
    const { vault } = await filled();
    await vault.open(sampleCard({ id: "2".repeat(32) }));
    expect([vault.trouble, vault.parts.length]).toEqual(["not-ours", 0]);
  });

  it("opens nothing without a key", async () => {
    const { vault, card } = await filled();
    vault.forget();
    await vault.open(card);
    expect(vault.parts).toEqual([]);
  });
});
