import { Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { describe, expect, it } from "vitest";
import { vi as words } from "../words/vi";
import { arrange } from "./actions";
import { dayAhead, dueOf } from "./due";
import { openSealed, readIdentity } from "./key";
import { refusalSentence } from "./refusal";
import { addressOf, parseRoute } from "./route";
import { sampleCard, sampleForm } from "./sample";
import { commandFor } from "./shortcuts";

describe("the desk's key", () => {
  it("is found among the comments of its file, and nowhere else", async () => {
    const identity = await generateX25519Identity();
    expect(readIdentity(`# created: 2026\r\n# public key: age1...\r\n${identity}\r\n`)).toBe(identity);
    expect(readIdentity(identity.toLowerCase())).toBe(identity);
    for (const wrong of ["", "age1abc", `${identity}\n${identity}`, `${identity}x`, "x".repeat(5_000)])
      expect(readIdentity(wrong)).toBeNull();
  });

  it("opens what was sealed for it, and nothing else", async () => {
    const identity = await generateX25519Identity();
    const encrypter = new Encrypter();
    encrypter.addRecipient(await identityToRecipient(identity));
    const sealed = Buffer.from(await encrypter.encrypt('{"answers":{}}')).toString("base64");
    expect(await openSealed(sealed, identity)).toEqual({ answers: {} });
    await expect(openSealed(sealed, await generateX25519Identity())).rejects.toThrow();
  });
});

describe("what is due", () => {
  it.each([
    [{ due_days: 2 }, "ahead", 2],
    [{ due_days: 0 }, "today", 0],
    [{ due_days: -3, is_overdue: true }, "late", 3],
    [{ due_days: 0, is_overdue: true }, "late", 0],
    [{ due_days: null, due_at_ms: null }, "over", 0],
  ] as const)("%j is %s by %s", (changed, look, days) => {
    expect(dueOf(sampleCard(changed))).toEqual({ look, days });
  });

  it("is never put on a weekend by itself", () => {
    const friday = Date.parse("2026-11-27T20:00:00Z"); // a Saturday in Vietnam
    expect([0, 1, 2, 3].map((days) => dayAhead(friday, days))).toEqual([
      "2026-11-30",
      "2026-11-30",
      "2026-11-30",
      "2026-12-01",
    ]);
  });
});

describe("the address", () => {
  it("leads back to where it came from, and takes nothing strange for a request", () => {
    const route = { view: "overdue", request: "a".repeat(32) } as const;
    expect(parseRoute(addressOf(route))).toEqual(route);
    expect(parseRoute("#/ended/K7QM-3VXP-2HFD")).toEqual({ view: "ended", request: null });
    expect(parseRoute("#/nowhere")).toEqual({ view: "desk", request: null });
  });
});

describe("keys", () => {
  const stroke = { code: "", ctrlKey: false, altKey: false, metaKey: false, isComposing: false };
  it("belong to the field that is typed in, but for Escape", () => {
    expect(commandFor({ ...stroke, key: "j" }, false, true)).toBe("next");
    expect(commandFor({ ...stroke, key: "j" }, true, true)).toBeNull();
    expect(commandFor({ ...stroke, key: "j" }, false, false)).toBeNull();
    expect(commandFor({ ...stroke, key: "j", ctrlKey: true }, false, true)).toBeNull();
    expect(commandFor({ ...stroke, key: "Escape" }, true, true)).toBe("back");
  });
});

describe("actions", () => {
  it("have one next step, and the rest beside it", () => {
    const forms = [sampleForm({ action: "refuse" }), sampleForm(), sampleForm({ action: "apologise" })];
    const { next, others } = arrange(forms);
    expect(next?.action).toBe("receive");
    expect(others.map(({ action }) => action)).toEqual(["refuse", "apologise"]);
    expect(arrange([sampleForm({ action: "stop" })]).next).toBeNull();
  });

  it("that are refused are told in a sentence, whatever the code", () => {
    const nameOf = (login: string | null) => login;
    const stale = { code: "stale", card: sampleCard({ state: "received" }) };
    expect(refusalSentence(stale, words, nameOf)).toContain("“Đã tiếp nhận”");
    expect(refusalSentence({ code: "unsent", card: null }, words, nameOf)).toBe(words.refusal.unsent);
    expect(refusalSentence({ code: "never-seen", card: null }, words, nameOf)).toBe(words.refusal.other);
  });
});
