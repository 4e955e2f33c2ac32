import { linkState, mustReopen, type LinkState } from "./link";

/** One handler per event name of `GET /api/stream`; `data` is what the server sent, parsed. */
export type Handlers = Record<string, (data: never) => void>;
export type OpenSource = (url: string) => EventSource;

const CLOSED = 2;

/**
 * The live feed. An EventSource reconnects by itself and repeats its Last-Event-ID, so it is never closed on an
 * error; `check()`, called every second, replaces it only when the browser gave up or the line is dead silent.
 */
export class Stream {
  link = $state<LinkState>("connecting");
  #source: EventSource | null = null;
  #openedMs = 0;
  #heardMs: number | null = null;

  constructor(
    readonly url: string,
    readonly handlers: Handlers,
    readonly onRefused: () => void = () => undefined,
    readonly openSource: OpenSource = (address) => new EventSource(address),
    readonly nowMs: () => number = () => performance.now(),
  ) {}

  open(): void {
    this.#source?.close();
    this.#openedMs = this.nowMs();
    const source = this.openSource(this.url);
    for (const [name, handle] of Object.entries(this.handlers)) {
      source.addEventListener(name, (event) => this.#hear(source, handle, event as MessageEvent<string>));
    }
    source.onerror = () => {
      if (source.readyState === CLOSED) this.onRefused();
    };
    this.#source = source;
  }

  /** The officer leaves: nothing of this stream is heard any more. */
  close(): void {
    this.#source?.close();
    this.#source = null;
    this.#heardMs = null;
    this.link = "connecting";
  }

  check(): void {
    if (!this.#source) return;
    const pulse = { openedMs: this.#openedMs, heardMs: this.#heardMs };
    this.link = linkState(pulse, this.nowMs());
    if (mustReopen(pulse, this.nowMs(), this.#source.readyState === CLOSED)) this.open();
  }

  #hear(source: EventSource, handle: (data: never) => void, event: MessageEvent<string>): void {
    if (source !== this.#source) return;
    this.#heardMs = this.nowMs();
    this.link = "live";
    handle(JSON.parse(event.data) as never);
  }
}
