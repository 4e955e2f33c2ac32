const GROUP = 4;
const APART = /[\s.\-]+/;

/** @returns the code in groups of at most four signs, as an eye compares and a voice reads it. */
export function trackingGroups(tracking: string): string[] {
  return tracking.split(APART).flatMap((part) => part.match(new RegExp(`.{1,${GROUP}}`, "g")) ?? []);
}

/** @returns the code as it is read aloud: sign by sign, with a pause after each group. */
export const spokenTracking = (tracking: string): string =>
  trackingGroups(tracking)
    .map((group) => [...group].join(" "))
    .join(", ");
