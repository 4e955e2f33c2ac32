const MOST = 4;
const APART = /[\s.\-]+/;

/** @returns a part in even groups of at most four signs: six are three and three. */
function evenly(part: string): string[] {
  const size = Math.ceil(part.length / Math.ceil(part.length / MOST));
  return part.match(new RegExp(`.{1,${size}}`, "g")) ?? [];
}

/** @returns the code in short groups, as an eye compares and a voice reads it. */
export const trackingGroups = (tracking: string): string[] =>
  tracking
    .split(APART)
    .filter((part) => part !== "")
    .flatMap(evenly);

/** @returns the code as it is read aloud: sign by sign, with a pause after each group. */
export const spokenTracking = (tracking: string): string =>
  trackingGroups(tracking)
    .map((group) => [...group].join(" "))
    .join(", ");
