import type { Told } from "./services";

/**
 * What the daemon says of the guide (edge/guide/view.py, orders.py). The lists are those enums in their order;
 * tests/browser/kiosk/test_guide_contract.py compares them.
 */
export const GUIDE_EVENTS = ["start", "say", "choose", "refuse", "ask", "leave"] as const;
export type GuideEvent = (typeof GUIDE_EVENTS)[number];

/** Which questions are offered to touch. */
export const GUIDE_TOPICS = ["what", "cost", "time", "need"] as const;
export type GuideTopic = (typeof GUIDE_TOPICS)[number];

export const GUIDE_INTENTS = ["open", "sos", "person"] as const;
export type GuideIntentKind = (typeof GUIDE_INTENTS)[number];

export const GUIDE_REFUSALS = ["text", "service", "topic", "not-ready", "overtaken"] as const;
export type GuideRefusal = (typeof GUIDE_REFUSALS)[number];

/** Characters; the daemon looks at no more. */
export const MAX_SAID = 400;

export interface GuideOrder {
  readonly event: GuideEvent;
  readonly text?: string;
  readonly service?: string;
  readonly topic?: string;
}

export interface GuideChoice {
  readonly service: string;
  readonly name: Told;
}

export interface GuideAnswer {
  readonly topic: string;
  readonly text: Told;
  readonly source: string;
  readonly confirmed: boolean;
}

/** One turn of the conversation. `answer` is told before the sentences; nothing of what was said is in it. */
export interface GuideTurn {
  readonly sentences: readonly Told[];
  readonly proposals: readonly GuideChoice[];
  /** At hand and not opened yet; choosing it opens it. */
  readonly service: GuideChoice | null;
  readonly answer: GuideAnswer | null;
  readonly topics: readonly string[];
  readonly intents: readonly { readonly kind: GuideIntentKind; readonly service?: string }[];
}
