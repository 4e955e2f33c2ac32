import type { Api } from "../../common/api/client";
import type { ActionName, Card } from "../../common/api/types";
import { newKey } from "../logic/actions";
import { judge, newIntent, type Extra, type Intent, type Refusal } from "../logic/intent";

/** What the officer has asked for and what became of it, one intent to an incident. Nothing typed is ever lost. */
export class Desk {
  intents = $state.raw<ReadonlyMap<string, Intent>>(new Map());
  refusals = $state.raw<ReadonlyMap<string, Refusal>>(new Map());
  drafts = $state<Record<string, string>>({});

  constructor(
    readonly api: Api,
    readonly onCard: (card: Card) => void,
    readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** @returns whether it was taken: a second press while the first is on its way is not a second intent. */
  async submit(card: Card, action: ActionName, extra: Extra = {}): Promise<boolean> {
    if (this.intents.has(card.id)) return false;
    this.refusals = without(this.refusals, card.id);
    await this.#send(newIntent(card, action, extra, newKey()));
    return true;
  }

  /** Call every second: sends again what has waited long enough. */
  tick(): void {
    for (const intent of this.intents.values())
      if (intent.dueMs !== null && intent.dueMs <= this.nowMs()) void this.#send(intent);
  }

  giveUp(incident: string): void {
    this.intents = without(this.intents, incident);
  }
  dismiss(incident: string): void {
    this.refusals = without(this.refusals, incident);
  }
  clear(): void {
    this.intents = new Map();
    this.refusals = new Map();
    this.drafts = {};
  }

  async #send(intent: Intent): Promise<void> {
    const { incident, action } = intent;
    this.intents = new Map(this.intents).set(incident, { ...intent, dueMs: null });
    try {
      this.onCard(await this.api.act(incident, action));
      this.giveUp(incident);
      if (action.action === "note") this.drafts[incident] = "";
    } catch (error) {
      this.#failed(intent, error);
    }
  }

  #failed(intent: Intent, error: unknown): void {
    if (this.intents.get(intent.incident)?.action.idempotency_key !== intent.action.idempotency_key) return;
    const verdict = judge(intent, error, this.nowMs());
    if (verdict.kind === "again") {
      this.intents = new Map(this.intents).set(intent.incident, verdict.intent);
      return;
    }
    this.giveUp(intent.incident);
    this.refusals = new Map(this.refusals).set(intent.incident, verdict.refusal);
    if (verdict.refusal.card) this.onCard(verdict.refusal.card);
  }
}

function without<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}
