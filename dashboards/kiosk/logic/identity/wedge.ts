/**
 * A scanner that pretends to be a keyboard types a whole printed code within moments and ends it with Enter. Nobody's
 * hand does that, so that such a burst needs no field to land in, and must press no button on its way.
 */
export const MAX_SCAN = 1_024;
const PAUSE_MS = 300;
/** The twelve digits that a printed code begins with, and what parts them from the rest: no number a person types. */
const BURST = /^.{12,}\D/s;

/** As much of a keyboard event as tells a scanner from a hand. */
export interface Stroke {
  readonly key: string;
  readonly timeStamp: number;
  preventDefault(): void;
}

const QUIET: readonly string[] = ["Shift", "CapsLock", "AltGraph", "Unidentified", "Process", "Dead"];

export class Wedge {
  #text = "";
  #lastMs = Number.NEGATIVE_INFINITY;

  /** @param onScan gets what was scanned, at most MAX_SCAN characters of it. */
  constructor(readonly onScan: (text: string) => void) {}

  /** What is being typed now cannot be a hand's. */
  get isBurst(): boolean {
    return BURST.test(this.#text);
  }

  /** Hears every key until the returned function is called. */
  watch(): () => void {
    const typed = (event: KeyboardEvent) => {
      // Whoever types quickly into a field is no scanner, and needs the space bar.
      if (event.target instanceof HTMLElement && event.target.matches("input, textarea")) this.forget();
      else this.hear(event);
    };
    addEventListener("keydown", typed, { capture: true });
    return () => removeEventListener("keydown", typed, { capture: true });
  }

  /** Call with every key that goes down, before the page sees it. */
  hear(stroke: Stroke): void {
    if (stroke.timeStamp - this.#lastMs > PAUSE_MS) this.#text = "";
    this.#lastMs = stroke.timeStamp;
    if (QUIET.includes(stroke.key)) return;
    if (this.isBurst && (stroke.key === " " || stroke.key === "Enter")) stroke.preventDefault();
    if (stroke.key === "Enter") this.#end();
    else if (stroke.key.length === 1) this.#text = (this.#text + stroke.key).slice(0, MAX_SCAN);
    else this.forget();
  }

  forget(): void {
    this.#text = "";
  }

  #end(): void {
    const text = this.#text;
    const isScan = this.isBurst;
    this.forget();
    if (isScan) this.onScan(text);
  }
}
