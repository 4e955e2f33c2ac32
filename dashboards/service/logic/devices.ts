import type { Device } from "../api/types";

export type Mark = "ok" | "asleep" | "overdue" | "lost" | "fault";

/** What a technician must see first of a device: what does not work goes before what is only late. */
export function markOf({ state, readiness, is_overdue }: Device): Mark {
  if (state === "fault") return "fault";
  if (state === "lost" || readiness === "missing") return "lost";
  if (is_overdue) return "overdue";
  return readiness === "asleep" ? "asleep" : "ok";
}

const ORDER: readonly Mark[] = ["fault", "lost", "overdue", "asleep", "ok"];

export const byUrgency = (one: Device, other: Device): number =>
  ORDER.indexOf(markOf(one)) - ORDER.indexOf(markOf(other)) || one.name.localeCompare(other.name);

const NAME = /^[a-z0-9][a-z0-9.-]{0,63}$/;

/** The name that a device is paired under: what it calls itself, in the letters that the wire allows, and not taken. */
export function suggestName(given: string, taken: readonly string[]): string {
  const plain = given
    .normalize("NFD")
    .replace(/\p{M}+/gu, "")
    .replace(/đ/gi, "d")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
  const base = plain === "" ? "device" : plain;
  if (!taken.includes(base)) return base;
  const free = taken.map((_, index) => `${base}-${index + 2}`).find((name) => !taken.includes(name));
  return free ?? base;
}

export const isName = (name: string): boolean => NAME.test(name);

/** `2026-11-22` as it is written here: `22/11/2026`. */
export const dayText = (day: string): string => day.split("-").reverse().join("/");
