import type {
  Action,
  Actor,
  Card,
  Detail,
  EventKind,
  Hop,
  HopName,
  IncidentState,
  Person,
  Press,
  Stage,
  Station,
  User,
} from "../../common/api/types";
import { PEOPLE, sampleStations } from "./places.ts";

const JOIN_WINDOW_MS = 60_000;
const STAGES: Record<IncidentState, Stage> = {
  new: "received",
  acknowledged: "police-received",
  dispatched: "on-the-way",
  on_scene: "on-scene",
  resolved: "closed",
};
const TAKEN: readonly IncidentState[] = ["acknowledged", "dispatched", "on_scene"];
const STEPS = {
  acknowledge: { from: ["new"], to: "acknowledged", kind: "acknowledged" },
  dispatch: { from: ["new", "acknowledged"], to: "dispatched", kind: "dispatched" },
  on_scene: { from: ["acknowledged", "dispatched"], to: "on_scene", kind: "on_scene" },
  resolve: { from: TAKEN, to: "resolved", kind: "resolved" },
  reopen: { from: ["resolved"], to: "new", kind: "reopened" },
} as const satisfies Record<string, { from: readonly IncidentState[]; to: IncidentState; kind: EventKind }>;

export type Outcome =
  { card: Card } | { refused: "stale" | "not-allowed" | "invalid" | "not-found"; card?: Card };
export type Listener = (card: Card) => void;

/** The incidents of an invented city: the rules of the contract in memory, with the clock given from outside. */
export class World {
  readonly stations: Station[];
  readonly details = new Map<string, Detail>();
  lastEventId = 0;
  #listeners = new Set<Listener>();
  #answers = new Map<string, string>();

  constructor(readonly nowMs: () => number) {
    this.stations = sampleStations(nowMs());
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  cards = (): Card[] => [...this.details.values()].map((detail) => detail.card);
  changedSince = (eventId: number): Card[] =>
    this.cards()
      .filter((card) => card.last_event_id > eventId)
      .sort((one, other) => one.last_event_id - other.last_event_id);

  /** A press joins the station's open incident when the last press is less than a minute old. */
  press(stationId: string, drill = false, agoMs = 0): Card {
    const atMs = this.nowMs() - agoMs;
    const open = this.cards().find(
      (card) =>
        card.station.id === stationId &&
        card.drill === drill &&
        card.state !== "resolved" &&
        atMs - card.last_press_at_ms < JOIN_WINDOW_MS,
    );
    const detail = open ? (this.details.get(open.id) as Detail) : this.#open(stationId, drill, atMs);
    detail.presses.push(pressAt(detail.presses.length + 1, atMs));
    if (open) detail.card = { ...detail.card, press_count: detail.presses.length, last_press_at_ms: atMs };
    return this.#record(
      detail,
      { kind: "station", login: null, name: null },
      open ? "pressed" : "opened",
      {},
      atMs,
    );
  }

  act(id: string, user: User, action: Action): Outcome {
    const detail = this.details.get(id);
    if (!detail) return { refused: "not-found" };
    const done = this.#answers.get(action.idempotency_key);
    if (done === `${id} ${action.action}`) return { card: detail.card };
    if (action.version !== detail.card.version) return { refused: "stale", card: detail.card };
    const refusal = refusalOf(detail.card, action);
    if (refusal) return { refused: refusal, card: detail.card };
    this.#answers.set(action.idempotency_key, `${id} ${action.action}`);
    return { card: this.#apply(detail, user, action) };
  }

  seen(id: string): boolean {
    const detail = this.details.get(id);
    if (!detail) return false;
    if (detail.card.seen_at_ms !== null) return true;
    const nowMs = this.nowMs();
    detail.card = { ...detail.card, seen_at_ms: nowMs };
    addHop(detail, "on_console", nowMs);
    this.#record(detail, { kind: "system", login: null, name: null }, "seen");
    return true;
  }

  /** The station says which stage its screen shows now. */
  confirmShown(id: string): void {
    const detail = this.details.get(id);
    if (!detail) return;
    const nowMs = this.nowMs();
    const stage = STAGES[detail.card.state];
    detail.card = { ...detail.card, shown: { stage, at_ms: nowMs } };
    if (detail.card.state !== "new") addHop(detail, "person_informed", nowMs);
    this.#record(detail, { kind: "station", login: null, name: null }, "shown", { stage });
  }

  escalate(id: string): void {
    const detail = this.details.get(id);
    if (!detail) return;
    detail.card = { ...detail.card, level: detail.card.level + 1, next_deadline_ms: this.nowMs() + 60_000 };
    this.#record(detail, { kind: "system", login: null, name: null }, "escalated", {
      level: detail.card.level,
    });
  }

  clear(): void {
    this.details.clear();
    this.#answers.clear();
  }

  #open(stationId: string, drill: boolean, atMs: number): Detail {
    const station = this.stations.find((each) => each.id === stationId) ?? this.stations[0];
    if (!station) throw new Error("a world has stations");
    const { id, name, address, block, floor, lat, lon, state } = station;
    const card: Card = {
      id: `i-${String(this.details.size + 1).padStart(4, "0")}`,
      version: 0,
      state: "new",
      resolution: null,
      drill,
      ward: station.ward,
      ward_name: station.ward_name,
      station: { id, name, address, block, floor, lat, lon, state },
      opened_at_ms: atMs,
      last_press_at_ms: atMs,
      press_count: 1,
      level: 0,
      next_deadline_ms: atMs + 20_000,
      owner: null,
      shown: null,
      seen_at_ms: null,
      updated_at_ms: atMs,
      last_event_id: 0,
    };
    const detail: Detail = { card, custody: [], events: [], presses: [] };
    addHop(detail, "pressed", atMs);
    addHop(detail, "recorded", atMs + 24);
    addHop(detail, "received", atMs + 161);
    addHop(detail, "committed", atMs + 178);
    this.details.set(card.id, detail);
    return detail;
  }

  #apply(detail: Detail, user: User, action: Action): Card {
    const officer: Actor = { kind: "officer", login: user.login, name: user.name };
    const me = { login: user.login, name: user.name };
    const data = {
      note: action.note,
      resolution: action.resolution,
      duplicate_of: action.duplicate_of,
      to: action.to,
    };
    if (action.action === "note") return this.#record(detail, officer, "noted", data);
    if (action.action === "hand_over") {
      detail.card = { ...detail.card, owner: personOf(action.to ?? "") };
      return this.#record(detail, officer, "handed_over", data);
    }
    const { to, kind } = STEPS[action.action];
    detail.card = {
      ...detail.card,
      state: to,
      owner: to === "new" ? null : (detail.card.owner ?? me),
      resolution: action.resolution ?? null,
      next_deadline_ms: to === "resolved" ? null : this.nowMs() + 180_000,
    };
    if (to !== "new") addHop(detail, to, this.nowMs());
    return this.#record(detail, officer, kind, data);
  }

  #record(detail: Detail, actor: Actor, kind: EventKind, data: object = {}, atMs = this.nowMs()): Card {
    this.lastEventId += 1;
    const version = detail.card.version + 1;
    detail.card = { ...detail.card, version, updated_at_ms: atMs, last_event_id: this.lastEventId };
    detail.events.push({ seq: this.lastEventId, version, at_ms: atMs, actor, kind, data: { ...data } });
    for (const listener of this.#listeners) listener(detail.card);
    return detail.card;
  }
}

function refusalOf(card: Card, action: Action): "not-allowed" | "invalid" | null {
  if (!isWellFormed(action)) return "invalid";
  if (action.action === "note") return null;
  const from: readonly IncidentState[] = action.action === "hand_over" ? TAKEN : STEPS[action.action].from;
  return from.includes(card.state) ? null : "not-allowed";
}

/** Each action carries what belongs to it, and nothing that belongs to another. */
const isWellFormed = ({ action, resolution, duplicate_of, to, note }: Action) =>
  (action === "resolve") === (resolution !== undefined) &&
  (resolution === "duplicate") === (duplicate_of !== undefined) &&
  (action === "hand_over") === (to !== undefined) &&
  (action !== "note" || Boolean(note?.trim()));

function addHop(detail: Detail, hop: HopName, atMs: number): void {
  if (detail.custody.some((known) => known.hop === hop)) return;
  const before: Hop | undefined = detail.custody.at(-1);
  const afterMs = before ? atMs - before.at_ms : null;
  detail.custody.push({ hop, at_ms: atMs, after_ms: afterMs, late: (afterMs ?? 0) > 30_000 });
}

const pressAt = (seq: number, atMs: number): Press => ({
  seq,
  button: "sos",
  at_ms: atMs,
  received_at_ms: atMs + 161,
  committed_at_ms: atMs + 178,
  ago_ms: 24,
  clock_offset_ms: -3,
});

function personOf(login: string): Person {
  return { login, name: PEOPLE.find((each) => each.login === login)?.name ?? login };
}
