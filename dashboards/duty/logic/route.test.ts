import { describe, expect, it } from "vitest";
import { addressOf, parseRoute, type Route } from "./route";

describe("routes", () => {
  it.each<Route>([
    { page: "board", incident: null },
    { page: "board", incident: "i-0001" },
    { page: "board", incident: "a/b c" },
    { page: "stations" },
    { page: "report" },
  ])("%o comes back from its own address", (route) => expect(parseRoute(addressOf(route))).toEqual(route));

  it.each(["", "#", "#/", "#/nowhere", "#/incidents/", "#/incidents/%E0%A4%A"])("%s is the board", (hash) =>
    expect(parseRoute(hash)).toEqual({ page: "board", incident: null }),
  );
});
