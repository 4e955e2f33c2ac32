import type { Card, Place } from "../../common/api/types";
import { byUrgency, isOpen } from "../logic/urgency";
import type { Pin } from "./chart";

export interface PinWords {
  stationState: Record<Place["state"], string>;
  state: Record<Card["state"], string>;
}

/** A pin for each station that has a place; the most urgent open incident of a station decides how it looks. */
export function pinsOf(
  stations: readonly Place[],
  cards: Iterable<Card>,
  words: PinWords,
  open: (incident: string) => void,
): Pin[] {
  const urgent = new Map<string, Card>();
  for (const card of [...cards]
    .filter(isOpen)
    .sort((one, other) =>
      other.drill === one.drill ? byUrgency(one, other) : Number(one.drill) - Number(other.drill),
    ))
    if (!urgent.has(card.station.id)) urgent.set(card.station.id, card);
  const places = new Map(stations.map((station) => [station.id, station]));
  for (const card of urgent.values())
    if (!places.has(card.station.id)) places.set(card.station.id, card.station);
  return [...places.values()].flatMap((place) => pinOf(place, urgent.get(place.id), words, open));
}

function pinOf(
  place: Place,
  card: Card | undefined,
  words: PinWords,
  open: (incident: string) => void,
): Pin[] {
  if (place.lat === null || place.lon === null) return [];
  const at = { id: place.id, name: place.name, lat: place.lat, lon: place.lon };
  if (!card)
    return [
      { ...at, kind: place.state, label: `${place.name}, ${words.stationState[place.state]}`, onClick: null },
    ];
  const kind = card.drill ? "drill" : card.state === "new" ? "sos" : "held";
  return [{ ...at, kind, label: `${place.name}, ${words.state[card.state]}`, onClick: () => open(card.id) }];
}
