import type { Readiness, VitalKind } from "../../kiosk/api/types";

/** What the daemon says to the technician (edge/kiosk/ports.py); DeviceState of wire/entries.py, in its order. */
export const DEVICE_STATES = ["ok", "lost", "fault"] as const;
export type DeviceState = (typeof DEVICE_STATES)[number];

/** How to talk to a device: Bluetooth, or one of the serial protocols (edge/drivers/serial_instrument.py). */
export const SERIAL_DRIVERS = [
  "berrymed-pm6750",
  "contec-cms50d-plus",
  "contec-cms50d-plus-v46",
  "taidoc-td42xx",
  "taidoc-td31xx",
  "height-rod",
] as const;
export type SerialDriver = (typeof SERIAL_DRIVERS)[number];

export interface Device {
  readonly name: string;
  readonly driver: string;
  readonly address: string;
  readonly kinds: readonly VitalKind[];
  readonly manufacturer: string;
  readonly model: string;
  readonly serial_number: string;
  readonly place: string;
  /** Calendar days, `2026-11-22`. */
  readonly calibrated_on: string | null;
  readonly calibration_due_on: string | null;
  readonly is_overdue: boolean;
  readonly state: DeviceState;
  readonly seen_at_ms: number | null;
  readonly detail: string;
  readonly readiness: Readiness;
  readonly battery: number | null;
}

export type DeviceEdit = Pick<Device, "place" | "serial_number" | "calibrated_on" | "calibration_due_on">;

export interface Found {
  readonly address: string;
  readonly name: string;
  readonly signal_dbm: number | null;
  readonly kinds: readonly VitalKind[];
  readonly is_paired: boolean;
}

export interface Port {
  readonly path: string;
  readonly description: string;
}

export interface Scan {
  readonly found: readonly Found[];
  readonly ports: readonly Port[];
}

export interface PairOrder {
  readonly name: string;
  readonly driver: string;
  readonly address: string;
  readonly kinds?: readonly VitalKind[];
  readonly place: string;
}

export const PAIRING_STATES = ["working", "passkey", "confirm", "done", "failed"] as const;
export type PairingState = (typeof PAIRING_STATES)[number];

export interface Pairing {
  readonly state: PairingState;
  /** The number to compare. */
  readonly passkey?: string;
  readonly problem?: string;
  readonly device?: Device;
}

export interface Tested {
  readonly ok: boolean;
  readonly about: {
    readonly manufacturer?: string;
    readonly model?: string;
    readonly serial_number?: string;
    readonly firmware?: string;
  };
  readonly battery: number | null;
  readonly detail: string;
}
