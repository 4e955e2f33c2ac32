import { belongsTo, readOpened, type Opened } from "../logic/answers";
import { openSealed, readIdentity } from "../logic/key";
import type { DeskApi } from "../api/desk";
import type { RequestCard } from "../api/types";

export const IDLE_MS = 10 * 60_000;

export type Trouble = "no-key" | "does-not-fit" | "gone" | "not-ours" | "unreached";
export interface Part {
  title: string | null;
  atMs: number | null;
  opened: Opened | null;
  trouble: Trouble | null;
}

/**
 * The desk's secret key and what it has opened. Both live in this page's memory alone: never in storage, an address, a log
 * or a request, and are forgotten at the end of the session, after ten idle minutes, and with the page.
 */
export class Vault {
  hasKey = $state(false);
  trouble = $state<Trouble | null>(null);
  busy = $state(false);
  parts = $state.raw<Part[]>([]);
  /** Of which request `parts` are. */
  of = $state<string | null>(null);
  #identity: string | null = null;
  #touchedMs: number;

  constructor(
    readonly api: DeskApi,
    readonly nowMs: () => number = () => performance.now(),
  ) {
    this.#touchedMs = nowMs();
  }

  /** Takes the key from a file that was chosen or dropped. */
  take(text: string): boolean {
    const identity = readIdentity(text);
    this.trouble = identity === null ? "no-key" : null;
    if (identity === null) return false;
    this.#identity = identity;
    this.hasKey = true;
    this.touch();
    return true;
  }

  /** Somebody is at the page. */
  touch(): void {
    this.#touchedMs = this.nowMs();
  }

  /** Call every second. */
  tick(): void {
    if (this.hasKey && this.nowMs() - this.#touchedMs >= IDLE_MS) this.forget();
  }

  forget(): void {
    this.#identity = null;
    this.hasKey = false;
    this.trouble = null;
    this.close();
  }

  /** Puts away what was opened; the key stays. */
  close(): void {
    this.parts = [];
    this.of = null;
    this.trouble = null;
  }

  async open(card: RequestCard): Promise<void> {
    const identity = this.#identity;
    if (identity === null || this.busy) return;
    this.busy = true;
    this.close();
    try {
      const kept = await this.api.sealed(card.id);
      const parts = [await opened(kept.sealed, identity, card, null, null)];
      for (const each of kept.amendments.filter(({ sealed }) => sealed !== null))
        parts.push(await opened(each.sealed, identity, card, each.action, each.made_at_ms));
      if (this.#identity !== identity) return; // forgotten meanwhile
      this.trouble = parts[0]?.trouble ?? null;
      this.parts = this.trouble === null ? parts : [];
      this.of = card.id;
    } catch {
      this.trouble = "unreached";
    } finally {
      this.busy = false;
    }
  }
}

async function opened(
  sealed: string | null,
  identity: string,
  card: RequestCard,
  title: string | null,
  atMs: number | null,
): Promise<Part> {
  const part = { title, atMs, opened: null, trouble: null };
  if (sealed === null) return { ...part, trouble: "gone" };
  let document: unknown;
  try {
    document = await openSealed(sealed, identity);
  } catch {
    return { ...part, trouble: "does-not-fit" };
  }
  const read = readOpened(document);
  const isOurs = read !== null && (title !== null || belongsTo(read, card));
  return isOurs ? { ...part, opened: read } : { ...part, trouble: "not-ours" };
}
