/** What the API says, field by field. Times are UTC milliseconds (`*_at_ms`), durations milliseconds (`*_ms`). */

export type Role = "duty_officer" | "city_desk" | "fleet_admin" | "auditor" | "desk_officer";
export type IncidentState = "new" | "acknowledged" | "dispatched" | "on_scene" | "resolved";
export type Resolution = "founded" | "unfounded" | "false_press" | "drill" | "duplicate";
export type ActionName =
  "acknowledge" | "dispatch" | "on_scene" | "resolve" | "reopen" | "hand_over" | "note";
export type Stage = "recorded" | "received" | "police-received" | "on-the-way" | "on-scene" | "closed";
export type StationState = "online" | "offline" | "unknown";
export type DeviceState = "ok" | "lost" | "fault";
export type ProblemCode =
  | "unconfigured"
  | "offline"
  | "silent"
  | "device-lost"
  | "device-fault"
  | "sos-waits"
  | "set-aside"
  | "reserve-used";
export type HopName =
  | "pressed"
  | "recorded"
  | "received"
  | "committed"
  | "on_console"
  | "acknowledged"
  | "dispatched"
  | "on_scene"
  | "resolved"
  | "person_informed";
export type EventKind =
  | "opened"
  | "pressed"
  | "escalated"
  | "seen"
  | "acknowledged"
  | "dispatched"
  | "on_scene"
  | "resolved"
  | "reopened"
  | "handed_over"
  | "noted"
  | "deadline_missed"
  | "shown";

export interface User {
  login: string;
  name: string;
  role: Role;
  wards: string[];
  /** Of a desk officer; a cloud of an older release says nothing of it. */
  desks?: string[];
}
export interface Session {
  user: User;
  csrf: string;
}
export interface Ward {
  code: string;
  name: string;
}
export interface Config {
  version: string;
  map: boolean;
  tiles_url: string | null;
  push_public_key: string | null;
  wards: Ward[];
  city: string;
}
export interface Person {
  login: string;
  name: string;
}
export interface Place {
  id: string;
  name: string;
  address: string;
  block: string;
  floor: string;
  lat: number | null;
  lon: number | null;
  state: StationState;
}
export interface Card {
  id: string;
  version: number;
  state: IncidentState;
  resolution: Resolution | null;
  drill: boolean;
  ward: string;
  ward_name: string;
  station: Place;
  opened_at_ms: number;
  last_press_at_ms: number;
  press_count: number;
  level: number;
  next_deadline_ms: number | null;
  owner: Person | null;
  shown: { stage: Stage; at_ms: number } | null;
  seen_at_ms: number | null;
  updated_at_ms: number;
  last_event_id: number;
}
export interface CardList {
  incidents: Card[];
  last_event_id: number;
}
export interface Hop {
  hop: HopName;
  at_ms: number;
  after_ms: number | null;
  late: boolean;
}
export interface Actor {
  kind: "station" | "officer" | "system";
  login: string | null;
  name: string | null;
}
export interface IncidentEvent {
  seq: number;
  version: number;
  at_ms: number;
  actor: Actor;
  kind: EventKind;
  data: Record<string, unknown>;
}
export interface Press {
  seq: number;
  button: string;
  at_ms: number;
  received_at_ms: number;
  committed_at_ms: number;
  ago_ms: number;
  clock_offset_ms: number;
}
export interface Detail {
  card: Card;
  custody: Hop[];
  events: IncidentEvent[];
  presses: Press[];
}
export interface Action {
  action: ActionName;
  version: number;
  idempotency_key: string;
  resolution?: Resolution;
  duplicate_of?: string;
  to?: string;
  note?: string;
}
export interface Device {
  device: string;
  state: DeviceState;
  seen_at_ms: number | null;
  detail: string | null;
  /** It still measures, but somebody must see to it; a cloud of an older release says nothing of it. */
  calibration_overdue?: boolean;
}
export interface LaneHealth {
  lane: string;
  depth: number;
  oldest_age_ms: number | null;
  aside: number;
  dropped: number;
}
export interface Station extends Place {
  ward: string;
  ward_name: string;
  seen_at_ms: number | null;
  release: string | null;
  devices: Device[];
  lanes: LaneHealth[];
  problems: ProblemCode[];
}
export interface RosterEntry extends Person {
  role: Role;
  wards: string[];
}
export interface ShiftReport {
  from_ms: number;
  to_ms: number;
  incidents: number;
  presses: number;
  drills: number;
  by_resolution: Partial<Record<Resolution, number>>;
  acknowledge: {
    p50_ms: number | null;
    p95_ms: number | null;
    max_ms: number | null;
    within_20_s: number;
    within_60_s: number;
  };
  arrival: { p50_ms: number | null; p95_ms: number | null; max_ms: number | null };
  escalated: number;
  press_to_store: { p50_ms: number | null; p95_ms: number | null; max_ms: number | null };
  still_open: number;
  alarm_rate_per_h_max: number;
}
export interface PushKeys {
  endpoint: string;
  keys: { p256dh: string; auth: string };
}

/** Events of `GET /api/stream`. */
export interface Hello {
  last_event_id: number;
  server_time_ms: number;
}
export interface Watch {
  ok: boolean;
  escalate_age_ms: number | null;
  ingest_age_ms: number | null;
}
export interface Beat {
  server_time_ms: number;
  watch: Watch;
}
/** The city desk among the wards of `presence`: it watches all of them. */
export const CITY = "*";
export interface PresenceNews {
  wards: { ward: string; armed: number }[];
}
