import { recall, remember } from "./device/memory";
import { nextChoice, themeFor, type Theme, type ThemeChoice } from "./theme";

/** The theme of the page, by the hour or by choice; written to `<html data-theme>`, where the tokens read it. */
export class Theming {
  choice = $state<ThemeChoice>(recall("theme", ["auto", "day", "night"], "auto"));
  hour = $state(0);
  theme: Theme = $derived(themeFor(this.choice, this.hour));

  constructor(hour: number) {
    this.hour = hour;
    this.apply();
  }
  at(hour: number): void {
    this.hour = hour;
    this.apply();
  }
  switch(): void {
    this.choice = nextChoice[this.choice];
    remember("theme", this.choice);
    this.apply();
  }
  apply(): void {
    document.documentElement.dataset.theme = this.theme;
  }
}
