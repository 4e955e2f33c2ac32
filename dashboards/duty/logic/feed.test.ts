import { describe, expect, it } from "vitest";
import type { Card } from "../../common/api/types";
import { EMPTY, union, withCard, withList, withStation, type Feed } from "./feed";
import { sampleCard } from "./sample";

const eventIds = (feed: Feed) =>
  [...feed.cards.values()].map((card) => `${card.id}@${card.last_event_id}`).sort();

describe("withCard", () => {
  it("keeps the card of the later event, in whatever order they arrive", () => {
    const cards: Card[] = [1, 2, 3, 4].map((id) => sampleCard({ last_event_id: id, version: id }));
    for (const order of permutations(cards)) {
      const feed = order.reduce(withCard, EMPTY);
      expect(eventIds(feed)).toEqual(["i-1@4"]);
      expect(feed.lastEventId).toBe(4);
    }
  });

  it("takes the same event again: a replay changes nothing", () => {
    const feed = withCard(EMPTY, sampleCard());
    expect(eventIds(withCard(feed, sampleCard()))).toEqual(eventIds(feed));
  });

  it("leaves the feed it was given as it was", () => {
    withCard(EMPTY, sampleCard());
    expect(EMPTY.cards.size).toBe(0);
  });
});

describe("withList", () => {
  const before = [
    sampleCard({ id: "old", last_event_id: 3 }),
    sampleCard({ id: "new", last_event_id: 9 }),
  ].reduce(withCard, EMPTY);

  it("drops what the list no longer holds, but not what happened after it was written", () => {
    const feed = withList(before, { incidents: [], last_event_id: 5 });
    expect(eventIds(feed)).toEqual(["new@9"]);
    expect(feed.lastEventId).toBe(9);
  });

  it("never puts an older card over a newer one", () => {
    const feed = withList(before, {
      incidents: [sampleCard({ id: "new", last_event_id: 4 })],
      last_event_id: 5,
    });
    expect(eventIds(feed)).toEqual(["new@9"]);
  });

  it("gives the same feed whether the stream or the list comes first", () => {
    const streamed = [sampleCard({ last_event_id: 7 }), sampleCard({ id: "i-2", last_event_id: 8 })];
    const list = { incidents: [sampleCard({ last_event_id: 7 })], last_event_id: 7 };
    const listFirst = streamed.reduce(withCard, withList(EMPTY, list));
    const streamFirst = withList(streamed.reduce(withCard, EMPTY), list);
    expect(eventIds(listFirst)).toEqual(eventIds(streamFirst));
  });
});

describe("withStation", () => {
  const feed = [sampleCard(), sampleCard({ id: "i-2" })].reduce(withCard, EMPTY);
  const { id } = sampleCard().station;

  it("tells every incident of a station that it was lost, and leaves the feed it was given as it was", () => {
    const states = (of: Feed) => [...of.cards.values()].map(({ station }) => station.state);
    expect(states(withStation(feed, { id, state: "offline" }))).toEqual(["offline", "offline"]);
    expect(states(feed)).toEqual(["online", "online"]);
  });

  it("is the same feed when nothing has changed", () => {
    expect(withStation(feed, { id, state: "online" })).toBe(feed);
    expect(withStation(feed, { id: "elsewhere", state: "offline" })).toBe(feed);
  });
});

describe("union", () => {
  it("is only as new as the older answer, so nothing in between can be dropped", () => {
    const open = { incidents: [sampleCard()], last_event_id: 4 };
    const recent = { incidents: [sampleCard({ id: "i-2", last_event_id: 6 })], last_event_id: 6 };
    expect(union(open, recent)).toMatchObject({
      last_event_id: 4,
      incidents: [{ id: "i-1" }, { id: "i-2" }],
    });
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, index) =>
    permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
  );
}
