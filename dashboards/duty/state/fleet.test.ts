import { describe, expect, it } from "vitest";
import { Unreachable, type Api } from "../../common/api/client";
import type { Station } from "../../common/api/types";
import { sampleStations } from "../../dev/mock/places";
import { Fleet } from "./fleet.svelte";

const [first, second] = sampleStations(0) as [Station, Station];
const loaded = async () => {
  const fleet = new Fleet({ stations: () => Promise.resolve({ stations: [first] }) } as unknown as Api);
  await fleet.load();
  return fleet;
};

describe("Fleet", () => {
  it("changes a station in its place and adds one it did not know", async () => {
    const fleet = await loaded();
    fleet.hear({ ...first, state: "offline" });
    fleet.hear(second);
    expect(fleet.stations.map(({ id, state }) => [id, state])).toEqual([
      [first.id, "offline"],
      [second.id, "online"],
    ]);
  });

  it("does not take one station's news for the list", () => {
    const fleet = new Fleet({} as Api);
    fleet.hear(first);
    expect(fleet).toMatchObject({ status: "loading", stations: [] });
  });

  it("says so when there is no list", async () => {
    const fleet = new Fleet({ stations: () => Promise.reject(new Unreachable()) } as unknown as Api);
    await fleet.load();
    expect(fleet.status).toBe("failed");
  });
});
