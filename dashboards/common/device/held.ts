const HELD_MS = 3_000;

/** Lets something be opened by a finger that stays on it for three seconds, and by nothing shorter. An attachment. */
export function held(onheld: () => void): (element: HTMLElement) => () => void {
  return (element) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const release = () => clearTimeout(timer);
    const press = () => {
      release();
      timer = setTimeout(onheld, HELD_MS);
    };
    const ends = ["pointerup", "pointerleave", "pointercancel"] as const;
    element.addEventListener("pointerdown", press);
    for (const name of ends) element.addEventListener(name, release);
    return () => {
      release();
      element.removeEventListener("pointerdown", press);
      for (const name of ends) element.removeEventListener(name, release);
    };
  };
}
