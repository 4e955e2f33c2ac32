export type ThemeChoice = "auto" | "day" | "night";
export type Theme = "day" | "night";

const EVENING_HOUR = 18;
const MORNING_HOUR = 6;

/** @param hour the city's hour of the day, 0-23. */
export function themeFor(choice: ThemeChoice, hour: number): Theme {
  if (choice !== "auto") return choice;
  return hour >= EVENING_HOUR || hour < MORNING_HOUR ? "night" : "day";
}

export const nextChoice: Record<ThemeChoice, ThemeChoice> = { auto: "day", day: "night", night: "auto" };
