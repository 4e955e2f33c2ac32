import { ServerOffset } from "./offset";

/** The server's time, ticking once a second. Before the first beat it is the workstation's own. */
export class Clock {
  now = $state(Date.now());
  #offset = new ServerOffset();
  #offsetMs = Date.now() - performance.now();
  #worker: Worker | null = null;

  /** The server's time right now, in milliseconds, between two ticks as well. */
  exact(): number {
    return Math.round(performance.now() + this.#offsetMs);
  }

  hear(serverMs: number): void {
    this.#offsetMs = this.#offset.sample(serverMs, performance.now());
    this.now = this.exact();
  }

  /** Ticks until the returned function is called. */
  start(onTick: () => void): () => void {
    this.#worker = new Worker(new URL("./ticker.ts", import.meta.url), { type: "module" });
    this.#worker.onmessage = () => {
      this.now = this.exact();
      onTick();
    };
    return () => this.#worker?.terminate();
  }
}
