import type { PapersApi, Taken } from "../api/papers";

type Api = Pick<PapersApi, "list" | "add" | "discard">;

/** Pictures of one question, by name: they themselves lie in the daemon, for this visit only. */
export class Pictures {
  taken = $state.raw<readonly string[]>([]);
  isBusy = $state(false);
  /** The last one could not be kept, or not be discarded. */
  hasFailed = $state(false);

  constructor(
    readonly question: string,
    readonly api: Api,
  ) {}

  load = (): Promise<boolean> => this.#ask(() => this.api.list(this.question));
  add = (jpeg: () => Promise<Blob>): Promise<boolean> =>
    this.#ask(async () => this.api.add(this.question, await jpeg()));
  discard = (name: string): Promise<boolean> => this.#ask(() => this.api.discard(this.question, name));

  /** Whether it was done; nothing is lost when it was not. */
  async #ask(ask: () => Promise<Taken>): Promise<boolean> {
    if (this.isBusy) return false;
    this.isBusy = true;
    this.hasFailed = false;
    try {
      this.taken = (await ask()).taken;
    } catch {
      this.hasFailed = true;
    } finally {
      this.isBusy = false;
    }
    return !this.hasFailed;
  }
}
