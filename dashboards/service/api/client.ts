import { LocalApi } from "../../common/api/local";
import type { Device, DeviceEdit, Pairing, PairOrder, Scan, Tested } from "./types";

/** Looking around takes 10 s, a device that is asleep up to 25 s. */
const PATIENT_MS = 30_000;

const at = (name: string) => `/service/api/devices/${encodeURIComponent(name)}`;
const pairingAt = (id: string) => `/service/api/pairing/${encodeURIComponent(id)}`;

/** The technician's side of the daemon's local API. */
export class ServiceApi {
  constructor(readonly local = new LocalApi()) {}

  beat = (page: string) => this.local.send("POST", "/api/beat", { page });
  login = (pin: string) => this.local.send("POST", "/service/api/login", { pin });
  logout = () => this.local.send("POST", "/service/api/logout");
  devices = async () => (await this.local.ask<{ devices: Device[] }>("GET", "/service/api/devices")).devices;
  change = (name: string, edit: DeviceEdit) => this.local.ask<Device>("PATCH", at(name), edit);
  forget = (name: string) => this.local.send("DELETE", at(name));
  test = (name: string) => this.local.ask<Tested>("POST", `${at(name)}/test`, undefined, PATIENT_MS);
  scan = () => this.local.ask<Scan>("POST", "/service/api/scan", undefined, PATIENT_MS);
  pair = async (order: PairOrder) =>
    (await this.local.ask<{ pairing: string }>("POST", "/service/api/pair", order)).pairing;
  pairing = (id: string) => this.local.ask<Pairing>("GET", pairingAt(id));
  answer = (id: string, answer: { passkey: string } | { accept: boolean }) =>
    this.local.send("POST", pairingAt(id), answer);
}
