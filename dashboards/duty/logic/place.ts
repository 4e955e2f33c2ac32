import type { Card } from "../../common/api/types";

/** Where in the building and the city, the nearest first: floor, block, ward. Empty parts leave no trace. */
export function placeLine({ station, ward_name }: Pick<Card, "station" | "ward_name">): string {
  return [station.floor, station.block, ward_name].filter((part) => part.trim() !== "").join(" · ");
}
