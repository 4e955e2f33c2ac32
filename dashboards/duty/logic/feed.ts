import type { Card, CardList, Place } from "../../common/api/types";

/** All incidents this console knows, and the newest event it has heard of. Never changed in place. */
export interface Feed {
  readonly cards: ReadonlyMap<string, Card>;
  readonly lastEventId: number;
}

export const EMPTY: Feed = { cards: new Map(), lastEventId: 0 };

/** Cards reach us by three ways (list, stream, answers) and in any order: the later event wins, never the later arrival. */
export function withCard(feed: Feed, card: Card): Feed {
  const known = feed.cards.get(card.id);
  const lastEventId = Math.max(feed.lastEventId, card.last_event_id);
  if (known && known.last_event_id > card.last_event_id) return { ...feed, lastEventId };
  return { cards: new Map(feed.cards).set(card.id, card), lastEventId };
}

/**
 * Takes a complete list as the truth up to its `last_event_id`; cards that the stream brought after that stay.
 */
export function withList(feed: Feed, list: CardList): Feed {
  const cards = new Map<string, Card>();
  for (const card of feed.cards.values())
    if (card.last_event_id > list.last_event_id) cards.set(card.id, card);
  const kept: Feed = { cards, lastEventId: Math.max(feed.lastEventId, list.last_event_id) };
  return list.incidents.reduce(withCard, kept);
}

/** A station came or went: its incidents say so too, although nothing happened to them. */
export function withStation(feed: Feed, { id, state }: Pick<Place, "id" | "state">): Feed {
  const stale = [...feed.cards.values()].filter(
    ({ station }) => station.id === id && station.state !== state,
  );
  if (stale.length === 0) return feed;
  const cards = new Map(feed.cards);
  for (const card of stale) cards.set(card.id, { ...card, station: { ...card.station, state } });
  return { ...feed, cards };
}

/** One list of two scopes that were asked at the same time: only as new as the older one. */
export function union(open: CardList, recent: CardList): CardList {
  return {
    incidents: [...open.incidents, ...recent.incidents],
    last_event_id: Math.min(open.last_event_id, recent.last_event_id),
  };
}
