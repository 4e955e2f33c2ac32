import type { IncomingMessage, ServerResponse } from "node:http";
import type { Watch } from "../../common/api/types";
import type { World } from "./world.ts";

const BEAT_MS = 2_000;
const RETRY_MS = 500;

/** Server-sent events as the contract has them: hello, replay after Last-Event-ID, one card per change, beats. */
export class Streams {
  watch: Watch = { ok: true, escalate_age_ms: 400, ingest_age_ms: 350 };
  isStalled = false;
  #open = new Map<ServerResponse, () => void>();
  #timer: NodeJS.Timeout | null = null;

  constructor(readonly world: World) {}

  serve(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
    response.write(`retry: ${RETRY_MS}\n\n`);
    this.#send(response, "hello", {
      last_event_id: this.world.lastEventId,
      server_time_ms: this.world.nowMs(),
    });
    const lastEventId = Number(request.headers["last-event-id"] ?? Number.NaN);
    if (!Number.isNaN(lastEventId))
      for (const card of this.world.changedSince(lastEventId))
        this.#send(response, "incident", card, card.last_event_id);
    const stop = this.world.listen((card) => this.#send(response, "incident", card, card.last_event_id));
    this.#open.set(response, stop);
    this.#timer ??= setInterval(() => this.beat(), BEAT_MS);
    this.#beat(response);
    request.on("close", () => this.#drop(response));
  }

  beat(): void {
    for (const response of this.#open.keys()) this.#beat(response);
  }
  tell(name: string, data: object): void {
    for (const response of this.#open.keys()) this.#send(response, name, data);
  }
  /** Ends every connection, as a restart of the server does. */
  cut(): void {
    for (const response of [...this.#open.keys()]) {
      this.#drop(response);
      response.destroy();
    }
  }

  #beat(response: ServerResponse): void {
    this.#send(response, "beat", { server_time_ms: this.world.nowMs(), watch: this.watch });
  }
  #send(response: ServerResponse, name: string, data: object, id?: number): void {
    if (this.isStalled) return;
    response.write(
      `${id === undefined ? "" : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`,
    );
  }
  #drop(response: ServerResponse): void {
    this.#open.get(response)?.();
    this.#open.delete(response);
    if (this.#open.size > 0 || !this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}
