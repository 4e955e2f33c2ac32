import type { Look } from "../../common/theme";
import type { Theming } from "../../common/theme.svelte";

export const REACHES = ["whole", "low-right", "low-left"] as const;
/** Where everything lies that is to be touched: anywhere, or low (on a wide screen: beside) for one hand. */
export type Reach = (typeof REACHES)[number];

/** How somebody sees and reaches the screen, shown at once and forgotten with its person: `<html data-...>`. */
export class Ease {
  isElder = $state(false);
  reach = $state<Reach>("whole");
  readonly #theming: Pick<Theming, "wanted" | "look" | "want">;
  readonly #root: () => Pick<HTMLElement, "dataset">;

  constructor(
    theming: Pick<Theming, "wanted" | "look" | "want">,
    root: () => Pick<HTMLElement, "dataset"> = () => document.documentElement,
  ) {
    this.#theming = theming;
    this.#root = root;
  }

  get look(): Look {
    return this.#theming.look;
  }
  get isChanged(): boolean {
    return this.isElder || this.reach !== "whole" || this.#theming.wanted !== null;
  }
  useLook(look: Look): void {
    this.#theming.want(look);
  }
  useElder(isElder: boolean): void {
    this.isElder = isElder;
    this.#root().dataset.elder = isElder ? "on" : "off";
  }
  useReach(reach: Reach): void {
    this.reach = reach;
    this.#root().dataset.reach = reach;
  }

  /** As the station greets everybody. */
  reset(): void {
    this.#theming.want(null);
    this.useElder(false);
    this.useReach("whole");
  }
}
