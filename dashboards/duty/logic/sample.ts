import type { Card } from "../../common/api/types";

/** An invented incident for tests: a new SOS, opened at minute one, with `changes` applied. */
export function sampleCard(changes: Partial<Card> = {}): Card {
  return {
    id: "i-1",
    version: 1,
    state: "new",
    resolution: null,
    drill: false,
    ward: "27097",
    ward_name: "Phường Bình Trưng",
    station: {
      id: "dkc-a1-01",
      name: "Tòa A1, chung cư Đào Kim Cương",
      address: "12 đường số 9",
      block: "A1",
      floor: "Tầng 1",
      lat: 10.78,
      lon: 106.75,
      state: "online",
    },
    opened_at_ms: 60_000,
    last_press_at_ms: 60_000,
    press_count: 1,
    level: 0,
    next_deadline_ms: 80_000,
    owner: null,
    shown: null,
    seen_at_ms: null,
    updated_at_ms: 60_000,
    last_event_id: 1,
    ...changes,
  };
}
