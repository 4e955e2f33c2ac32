import type { Api } from "../../common/api/client";
import type { Station } from "../../common/api/types";
import type { Loading } from "./board.svelte";

/** The stations of the officer's wards and how they are. */
export class Fleet {
  stations = $state.raw<readonly Station[]>([]);
  status = $state<Loading>("loading");

  constructor(readonly api: Api) {}

  async load(): Promise<void> {
    try {
      this.stations = (await this.api.stations()).stations;
      this.status = "ready";
    } catch {
      if (this.status !== "ready") this.status = "failed";
    }
  }

  /** News of one station; before the list is here there is nothing to change. */
  hear(station: Station): void {
    if (this.status !== "ready") return;
    const others = this.stations.filter((each) => each.id !== station.id);
    this.stations = others.length < this.stations.length ? this.#replaced(station) : [...others, station];
  }

  clear(): void {
    this.stations = [];
    this.status = "loading";
  }

  #replaced = (station: Station) => this.stations.map((each) => (each.id === station.id ? station : each));
}
