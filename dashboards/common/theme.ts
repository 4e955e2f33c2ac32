export type ThemeChoice = "auto" | "day" | "night";
export type Theme = "day" | "night";
export const LOOKS = ["day", "night", "black-on-white", "white-on-black", "yellow-on-black"] as const;
/** What eyes may need: the themes, and high contrast. */
export type Look = (typeof LOOKS)[number];

const EVENING_HOUR = 18;
const MORNING_HOUR = 6;

/** @param hour the city's hour of the day, 0-23. */
export function themeFor(choice: ThemeChoice, hour: number): Theme {
  if (choice !== "auto") return choice;
  return hour >= EVENING_HOUR || hour < MORNING_HOUR ? "night" : "day";
}

export const nextChoice: Record<ThemeChoice, ThemeChoice> = { auto: "day", day: "night", night: "auto" };
