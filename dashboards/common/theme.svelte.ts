import { recall, remember } from "./device/memory";
import { nextChoice, themeFor, type Look, type Theme, type ThemeChoice } from "./theme";

/** The theme of the page, by the hour or by choice; written to `<html data-theme>`, where the tokens read it. */
export class Theming {
  choice = $state<ThemeChoice>(recall("theme", ["auto", "day", "night"], "auto"));
  hour = $state(0);
  theme: Theme = $derived(themeFor(this.choice, this.hour));
  /** What somebody needs for now, whatever the hour and the choice. It is not remembered. */
  wanted = $state<Look | null>(null);
  look: Look = $derived(this.wanted ?? this.theme);

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
  want(look: Look | null): void {
    this.wanted = look;
    this.apply();
  }
  apply(): void {
    document.documentElement.dataset.theme = this.look;
  }
}
