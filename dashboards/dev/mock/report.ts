import type { Card, ShiftReport } from "../../common/api/types";

/** Counts what can be counted in an invented shift; its times are made up. */
export function sampleReport(cards: Card[], span: URLSearchParams): ShiftReport {
  const real = cards.filter((card) => !card.drill);
  const closed = real.flatMap((card) => card.resolution ?? []);
  return {
    from_ms: Number(span.get("from_ms")),
    to_ms: Number(span.get("to_ms")),
    incidents: real.length,
    presses: real.reduce((sum, card) => sum + card.press_count, 0),
    drills: cards.length - real.length,
    by_resolution: Object.fromEntries(
      [...new Set(closed)].map((each) => [each, closed.filter((one) => one === each).length]),
    ),
    acknowledge: real.length
      ? {
          p50_ms: 8_400,
          p95_ms: 31_200,
          max_ms: 47_900,
          within_20_s: Math.max(0, real.length - 2),
          within_60_s: real.length,
        }
      : { p50_ms: null, p95_ms: null, max_ms: null, within_20_s: 0, within_60_s: 0 },
    arrival: real.length
      ? { p50_ms: 312_000, p95_ms: 540_000, max_ms: 612_000 }
      : { p50_ms: null, p95_ms: null, max_ms: null },
    escalated: cards.filter((card) => card.level > 0).length,
    press_to_store: real.length
      ? { p50_ms: 178, p95_ms: 412, max_ms: 6_420 }
      : { p50_ms: null, p95_ms: null, max_ms: null },
    still_open: real.filter((card) => card.state !== "resolved").length,
    alarm_rate_per_h_max: Math.min(9, real.length),
  };
}
