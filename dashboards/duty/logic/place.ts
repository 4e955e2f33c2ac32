import type { Card } from "../../common/api/types";

const NO_BREAK = "\u00a0";

/**
 * Where in the building and the city, the nearest first: floor, block, ward. Empty parts leave no trace; a ward's name
 * is never torn between two lines.
 * @param inOneWard who reads it knows the ward.
 */
export function placeLine(
  { station, ward_name }: Pick<Card, "station" | "ward_name">,
  inOneWard = false,
): string {
  const ward = inOneWard ? "" : ward_name.replaceAll(" ", NO_BREAK);
  return [station.floor, station.block, ward].filter((part) => part.trim() !== "").join(" · ");
}
