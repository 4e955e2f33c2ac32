export const VIEWS = ["desk", "citizen", "overdue", "ended", "letters"] as const;
export type View = (typeof VIEWS)[number];

/** Where the clerk is; kept in the address, so that a reload shows the same. A tracking code never stands there. */
export interface Route {
  view: View;
  request: string | null;
}

export function parseRoute(hash: string): Route {
  const [name, id] = hash.replace(/^#\/?/, "").split("/");
  const view = VIEWS.find((each) => each === name) ?? "desk";
  return { view, request: id && /^[0-9a-f]{32}$/.test(id) ? id : null };
}

export const addressOf = ({ view, request }: Route): string =>
  request === null ? `#/${view}` : `#/${view}/${request}`;
