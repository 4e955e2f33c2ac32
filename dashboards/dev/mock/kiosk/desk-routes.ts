import type { PairOrder } from "../../../service/api/types.ts";
import type { Desk } from "./desk.ts";
import type { Answer, Body } from "./http.ts";

export interface Ask {
  url: URL;
  id: string;
  body: Body;
}
export type Route = [method: string, path: RegExp, handler: (ask: Ask) => Answer | Promise<Answer>];

const NONE: Answer = [404, { problem: "not-found" }];

/** What the technician's page asks for. */
export const deskRoutes = (desk: Desk): Route[] => [
  ["POST", /^\/service\/api\/logout$/, () => [204]],
  ["GET", /^\/service\/api\/devices$/, () => [200, { devices: desk.devices }]],
  ["POST", /^\/service\/api\/devices\/([^/]+)\/test$/, ({ id }) => [200, desk.test(id)]],
  [
    "PATCH",
    /^\/service\/api\/devices\/([^/]+)$/,
    ({ id, body }) => {
      const changed = desk.change(id, body);
      return changed ? [200, changed] : NONE;
    },
  ],
  ["DELETE", /^\/service\/api\/devices\/([^/]+)$/, ({ id }) => (desk.forget(id), [204])],
  ["POST", /^\/service\/api\/scan$/, async () => [200, await desk.scan()]],
  ["POST", /^\/service\/api\/pair$/, ({ body }) => [202, desk.pair(body as unknown as PairOrder)]],
  ["POST", /^\/service\/api\/pairing\/([^/]+)$/, ({ id, body }) => (desk.answer(id, body), [204])],
  [
    "GET",
    /^\/service\/api\/pairing\/([^/]+)$/,
    ({ id }) => {
      const pairing = desk.pairing(id);
      return pairing ? [200, pairing] : NONE;
    },
  ],
];
