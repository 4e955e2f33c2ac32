import { describe, expect, it, vi } from "vitest";
import { Problem, Unreachable, type Api } from "../../common/api/client";
import type { Detail } from "../../common/api/types";
import { sampleCard } from "../logic/sample";
import { Dossier } from "./dossier.svelte";

const detail = (id: string, lastEventId: number): Detail => ({
  card: sampleCard({ id, last_event_id: lastEventId }),
  custody: [],
  events: [],
  presses: [],
});

describe("Dossier", () => {
  it("loads once, and again only when the card is newer", async () => {
    const incident = vi.fn((id: string) => Promise.resolve(detail(id, 4)));
    const dossier = new Dossier({ incident } as unknown as Api);
    await dossier.show("a", 4);
    await dossier.show("a", 4);
    expect(incident).toHaveBeenCalledTimes(1);
    await dossier.show("a", 5);
    expect(incident).toHaveBeenCalledTimes(2);
  });

  it("never shows one incident's line under another one's name", async () => {
    const answers = new Map<string, (detail: Detail) => void>();
    const incident = (id: string) => new Promise<Detail>((resolve) => answers.set(id, resolve));
    const dossier = new Dossier({ incident } as unknown as Api);
    const first = dossier.show("slow", 1);
    const second = dossier.show("quick", 1);
    answers.get("quick")?.(detail("quick", 1));
    await second;
    answers.get("slow")?.(detail("slow", 1));
    await first;
    expect(dossier.detail?.card.id).toBe("quick");
  });

  it.each([
    [new Problem(404, "not-found"), "missing"],
    [new Problem(403, "forbidden"), "missing"],
    [new Problem(500, "internal"), "failed"],
    [new Unreachable(), "failed"],
  ])("after %s it is %s", async (error, status) => {
    const dossier = new Dossier({ incident: () => Promise.reject(error) } as unknown as Api);
    await dossier.show("a", 1);
    expect(dossier.status).toBe(status);
  });

  it("keeps the last line while a reload fails, and heals", async () => {
    const incident = vi.fn((id: string) => Promise.resolve(detail(id, 1)));
    const dossier = new Dossier({ incident } as unknown as Api);
    await dossier.show("a", 1);
    incident.mockRejectedValueOnce(new Unreachable());
    await dossier.reload();
    expect(dossier).toMatchObject({ status: "failed", detail: { card: { id: "a" } } });
    await dossier.reload();
    expect(dossier.status).toBe("ready");
  });
});
