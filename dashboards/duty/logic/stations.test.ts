import { describe, expect, it } from "vitest";
import { sampleStations } from "../../dev/mock/places";
import { byTrouble, laneTotals, matches, overdueDevices } from "./stations";

const stations = sampleStations(0);
const found = (filter: string) => stations.filter((station) => matches(station, filter)).map(({ id }) => id);

describe("matches", () => {
  it.each([
    ["dao kim a1", ["dkc-a1-01"]],
    ["ĐÀO KIM", ["dkc-a1-01", "dkc-b2-01"]],
    ["binh trung b2", ["dkc-b2-01"]],
    ["cl-bcv", ["cl-bcv-01"]],
    ["không có", []],
  ])("%s", (filter, ids) => expect(found(filter)).toEqual(ids));

  it("finds everything with nothing to look for", () => {
    expect(found("  ")).toHaveLength(stations.length);
  });
});

describe("byTrouble", () => {
  it("puts the silent first, then the unknown, then those with a problem", () => {
    const ids = stations.toSorted(byTrouble).map(({ id }) => id);
    expect(ids.slice(0, 3)).toEqual(["hsb-01", "ak-ts-01", "dkc-b2-01"]);
  });
});

describe("laneTotals", () => {
  it("adds up what waits, was refused and was dropped", () => {
    const lane = { lane: "sos", oldest_age_ms: null };
    const lanes = [
      { ...lane, depth: 2, aside: 1, dropped: 0 },
      { ...lane, depth: 3, aside: 0, dropped: 7 },
    ];
    expect(laneTotals({ lanes })).toEqual({ waiting: 5, aside: 1, dropped: 7 });
  });
});

describe("overdueDevices", () => {
  const device = { state: "ok", seen_at_ms: 1, detail: null } as const;

  it("names those alone whose calibration is overdue, whatever else is wrong with them", () => {
    const devices = [
      { ...device, device: "scales", calibration_overdue: true },
      { ...device, device: "oximeter", calibration_overdue: false },
      { ...device, device: "cuff", state: "lost" as const, calibration_overdue: true },
      { ...device, device: "button-board" },
    ];
    expect(overdueDevices({ devices }).map((each) => each.device)).toEqual(["cuff", "scales"]);
  });

  it("finds none where there is none", () => {
    expect(overdueDevices({ devices: [] })).toEqual([]);
  });
});
