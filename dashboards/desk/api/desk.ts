import type { Api } from "../../common/api/client";
import type { DeadLetter, Desk, Filled, RequestCard, RequestDetail, RequestPage, SealedRequest, ServiceForm, Verb } from "./types"; // prettier-ignore

export interface Listing {
  scope: "open" | "ended";
  turn?: "desk" | "citizen";
  overdue?: boolean;
  desk?: string;
  after?: string;
}

/** The typed door to what the API knows of requests. Every call may throw Problem or Unreachable. */
export class DeskApi {
  constructor(readonly api: Api) {}

  desks = () => this.api.ask<{ desks: Desk[] }>("GET", "/api/desks");
  list(listing: Listing): Promise<RequestPage> {
    const query = new URLSearchParams({ scope: listing.scope });
    for (const name of ["turn", "desk", "after"] as const)
      if (listing[name] !== undefined) query.set(name, listing[name]);
    if (listing.overdue) query.set("overdue", "true");
    return this.api.ask("GET", `/api/requests?${query}`);
  }
  find = (code: string) => this.api.ask<RequestPage>("GET", `/api/tracking/${encodeURIComponent(code)}`);
  request = (id: string) => this.api.ask<RequestDetail>("GET", `/api/requests/${encodeURIComponent(id)}`);
  sealed = (id: string) =>
    this.api.ask<SealedRequest>("GET", `/api/requests/${encodeURIComponent(id)}/sealed`);
  service = (id: string) => this.api.ask<ServiceForm>("GET", `/api/services/${encodeURIComponent(id)}`);
  act = (card: RequestCard, action: Verb, key: string, filled: Filled) =>
    this.api.ask<RequestCard>("POST", `/api/requests/${encodeURIComponent(card.id)}/actions`, {
      action,
      version: card.version,
      idempotency_key: key,
      ...filled,
    });
  letters = () => this.api.ask<{ letters: DeadLetter[] }>("GET", "/api/dead-letters");
  resend = (number: number) =>
    this.api.ask<{ letters: DeadLetter[] }>("POST", `/api/dead-letters/${number}/resend`, {});
}
