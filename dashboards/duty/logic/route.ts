/** Where the officer is; kept in the address so that a reload or a second screen shows the same. */
export type Route = { page: "board"; incident: string | null } | { page: "stations" } | { page: "report" };

export function parseRoute(hash: string): Route {
  const [page, id] = hash.replace(/^#\/?/, "").split("/");
  if (page === "stations" || page === "report") return { page };
  return { page: "board", incident: page === "incidents" && id ? decode(id) : null };
}

export function addressOf(route: Route): string {
  if (route.page !== "board") return `#/${route.page}`;
  return route.incident === null ? "#/" : `#/incidents/${encodeURIComponent(route.incident)}`;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
