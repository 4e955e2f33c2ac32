import type { Device, Found, Pairing, PairOrder, Port } from "../../../service/api/types.ts";

const DAY_MS = 86_400_000;
const PASSKEY = "123456";
const COMPARED = "482913";

const device = (more: Partial<Device> & Pick<Device, "name" | "kinds">): Device => ({
  driver: "ble",
  address: "C4:64:E3:00:00:01",
  manufacturer: "",
  model: "",
  serial_number: "",
  place: "",
  calibrated_on: null,
  calibration_due_on: null,
  is_overdue: false,
  state: "ok",
  seen_at_ms: null,
  detail: "",
  readiness: "ready",
  battery: null,
  ...more,
});

function sampleDevices(nowMs: number): Device[] {
  return [
    device({
      name: "bp-1",
      kinds: ["blood-pressure"],
      manufacturer: "A&D Medical",
      model: "UA-651BLE",
      serial_number: "5181200042",
      place: "Bàn bên trái",
      calibrated_on: "2026-03-02",
      calibration_due_on: "2027-03-02",
      seen_at_ms: nowMs - 40_000,
    }),
    device({
      name: "oximeter",
      driver: "contec-cms50d-plus-v46",
      address: "/dev/serial/by-id/usb-Silicon_Labs_CP2102_0001-if00-port0",
      kinds: ["oxygen"],
      model: "CMS50D+",
      place: "Khay giữa",
      calibrated_on: "2025-06-10",
      calibration_due_on: "2026-06-10",
      is_overdue: true,
      seen_at_ms: nowMs - 2_000,
    }),
    device({
      name: "thermometer",
      kinds: ["temperature"],
      address: "D0:5F:B8:00:00:02",
      manufacturer: "Beurer",
      model: "FT 95",
      place: "Giá bên phải",
      readiness: "asleep",
      battery: 80,
      seen_at_ms: nowMs - 3 * 3_600_000,
      detail: "battery 18 %",
    }),
    device({
      name: "glucose-meter",
      driver: "taidoc-td42xx",
      address: "/dev/serial/by-id/usb-Prolific_0002-if00-port0",
      kinds: ["glucose"],
      model: "TD-4279",
      place: "Ngăn kéo",
      state: "lost",
      readiness: "missing",
      seen_at_ms: nowMs - 2 * DAY_MS,
      detail: "port is gone",
    }),
  ];
}

/** The technician's desk over invented devices. PIN 246810; `A1` asks for a passkey, `B2` compares numbers. */
export class Desk {
  devices = sampleDevices(Date.now());
  /** How long a scan and a pairing take. */
  delayMs = 1_500;
  #pairings = new Map<string, { pairing: Pairing; order: PairOrder }>();

  async scan(): Promise<{ found: Found[]; ports: Port[] }> {
    await new Promise((done) => setTimeout(done, this.delayMs));
    return {
      found: [
        {
          address: "C4:64:E3:00:00:A1",
          name: "UA-651BLE",
          signal_dbm: -48,
          kinds: ["blood-pressure"],
          is_paired: false,
        },
        {
          address: "D0:5F:B8:00:00:B2",
          name: "Nonin3230",
          signal_dbm: -61,
          kinds: ["oxygen"],
          is_paired: false,
        },
        {
          address: "D0:5F:B8:00:00:02",
          name: "FT95",
          signal_dbm: -77,
          kinds: ["temperature"],
          is_paired: true,
        },
      ],
      ports: [{ path: "/dev/serial/by-id/usb-FTDI_0003-if00-port0", description: "FTDI USB Serial" }],
    };
  }

  pair(order: PairOrder): { pairing: string } {
    const id = `p-${this.#pairings.size + 1}`;
    const pairing: Pairing = order.address.endsWith("A1")
      ? { state: "passkey" }
      : order.address.endsWith("B2")
        ? { state: "confirm", passkey: COMPARED }
        : { state: "working" };
    this.#pairings.set(id, { pairing, order });
    if (pairing.state === "working") setTimeout(() => this.#done(id), this.delayMs).unref();
    return { pairing: id };
  }

  pairing(id: string): Pairing | null {
    return this.#pairings.get(id)?.pairing ?? null;
  }

  answer(id: string, body: Record<string, unknown>): void {
    const isRight = body.passkey === undefined ? body.accept === true : body.passkey === PASSKEY;
    if (isRight) this.#done(id);
    else
      this.#set(id, { state: "failed", problem: body.passkey === undefined ? "refused" : "wrong-passkey" });
  }

  change(name: string, changes: Partial<Device>): Device | null {
    this.devices = this.devices.map((each) =>
      each.name === name ? { ...each, ...changes, is_overdue: isOverdue({ ...each, ...changes }) } : each,
    );
    return this.devices.find((each) => each.name === name) ?? null;
  }

  forget(name: string): void {
    this.devices = this.devices.filter((each) => each.name !== name);
  }

  test(name: string) {
    const found = this.devices.find((each) => each.name === name);
    const isOk = found?.readiness !== "missing";
    return {
      ok: isOk,
      about: { manufacturer: found?.manufacturer ?? "", model: found?.model ?? "", firmware: "1.04" },
      battery: isOk ? 87 : null,
      detail: isOk ? "" : "port is gone",
    };
  }

  #done(id: string): void {
    const order = this.#pairings.get(id)?.order;
    if (!order) return;
    const added = device({ ...order, kinds: order.kinds ?? [], seen_at_ms: Date.now() });
    this.devices = [...this.devices, added];
    this.#set(id, { state: "done", device: added });
  }

  #set(id: string, pairing: Pairing): void {
    const known = this.#pairings.get(id);
    if (known) this.#pairings.set(id, { ...known, pairing });
  }
}

const isOverdue = ({ calibration_due_on }: Device) =>
  calibration_due_on !== null && Date.parse(calibration_due_on) < Date.now();
