/** What this workstation remembers between visits. Storage may be forbidden or full; then it forgets, nothing more. */
export function recall<T extends string>(key: string, allowed: readonly T[], otherwise: T): T {
  try {
    const value = localStorage.getItem(`tcds.${key}`);
    return allowed.find((each) => each === value) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`tcds.${key}`, value);
  } catch {
    // A private window or a full disk: the choice holds until the page is closed.
  }
}
