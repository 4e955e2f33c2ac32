import { LocalApi } from "../../common/api/local";

/** Which pictures there are for a question, by the names of what is sealed (edge/kiosk/pictures_routes.py). */
export interface Taken {
  readonly taken: readonly string[];
}

const UPLOAD_TIMEOUT_MS = 9_000;
const pathOf = (question: string): string => `/api/services/pictures/${encodeURIComponent(question)}`;

/** The daemon's side of the camera: it alone keeps pictures, and for this visit only. */
export class PapersApi {
  constructor(readonly local = new LocalApi()) {}

  list = (question: string) => this.local.ask<Taken>("GET", pathOf(question));
  add = (question: string, jpeg: Blob) =>
    this.local.ask<Taken>("POST", pathOf(question), jpeg, UPLOAD_TIMEOUT_MS);
  discard = (question: string, name: string) =>
    this.local.ask<Taken>("DELETE", `${pathOf(question)}/${name}`);
}

export const pictureUrl = (question: string, name: string): string => `${pathOf(question)}/${name}`;
