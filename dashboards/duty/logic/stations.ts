import type { Device, Station } from "../../common/api/types";

const RANK: Record<Station["state"], number> = { offline: 0, unknown: 1, online: 2 };

/** What needs somebody first: silent stations, then those with problems, then by name. */
export function byTrouble(one: Station, other: Station): number {
  return (
    RANK[one.state] - RANK[other.state] ||
    other.problems.length - one.problems.length ||
    one.name.localeCompare(other.name, "vi")
  );
}

/** Finds with or without diacritics, in any order of words: "dao kim a1" finds "Tòa A1, … Đào Kim Cương". */
export function matches(station: Station, filter: string): boolean {
  const text = plain([station.name, station.address, station.block, station.ward_name, station.id].join(" "));
  return plain(filter)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const plain = (text: string) =>
  text
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{Mark}/gu, "")
    .replaceAll("đ", "d");

export interface LaneTotals {
  readonly waiting: number;
  readonly aside: number;
  readonly dropped: number;
}

export function laneTotals({ lanes }: Pick<Station, "lanes">): LaneTotals {
  return lanes.reduce(
    (sum, lane) => ({
      waiting: sum.waiting + lane.depth,
      aside: sum.aside + lane.aside,
      dropped: sum.dropped + lane.dropped,
    }),
    { waiting: 0, aside: 0, dropped: 0 },
  );
}

/** Devices whose calibration is overdue, by name: they work, so they are no problem of the station's, yet a task for somebody. */
export function overdueDevices({ devices }: Pick<Station, "devices">): Device[] {
  return devices
    .filter((device) => device.calibration_overdue === true)
    .toSorted((one, other) => one.device.localeCompare(other.device));
}
