import { LocalApi } from "../../common/api/local";
import type { LanguageCode } from "../../common/i18n/language.svelte";
import type { GuideOrder, GuideTurn } from "./guide";
import type { IdentityOrder, IdentityView } from "./identity";
import type { PayingOrder, PayingView } from "./paying";
import type { Menu, ServicesOrder, ServicesView, Ward } from "./services";
import type { About, Order, SosStage, View } from "./types";

/** A print may wait for a slow head; everything else is answered at once. */
const PRINT_TIMEOUT_MS = 30_000;

/** The kiosk's side of the daemon's local API. */
export class KioskApi {
  constructor(readonly local = new LocalApi()) {}

  about = () => this.local.ask<About>("GET", "/api/kiosk");
  order = (order: Order) => this.local.ask<View>("POST", "/api/cabin/orders", order);
  identityOrder = (order: IdentityOrder) =>
    this.local.ask<IdentityView>("POST", "/api/identity/orders", order);
  servicesOrder = (order: ServicesOrder) =>
    this.local.ask<ServicesView>("POST", "/api/services/orders", order);
  payingOrder = (order: PayingOrder) => this.local.ask<PayingView>("POST", "/api/paying/orders", order);
  menu = () => this.local.ask<Menu>("GET", "/api/services");
  wards = () => this.local.ask<{ wards: readonly Ward[] }>("GET", "/api/services/wards");
  guide = (order: GuideOrder) => this.local.ask<GuideTurn>("POST", "/api/guide", order);
  sos = (id: string) => this.local.ask<{ stage: SosStage }>("POST", "/api/sos", { id });
  print = (language: LanguageCode) =>
    this.local.ask<{ printed: true }>("POST", "/api/cabin/print", { language }, PRINT_TIMEOUT_MS);
  printReceipt = (language: LanguageCode) =>
    this.local.ask<{ printed: true }>("POST", "/api/services/print", { language }, PRINT_TIMEOUT_MS);
  printDraft = (language: LanguageCode) =>
    this.local.ask<{ printed: true }>("POST", "/api/services/draft/print", { language }, PRINT_TIMEOUT_MS);
  beat = (page: string) => this.local.send("POST", "/api/beat", { page });
}

const MAX_SPOKEN = 400;

export const speechUrl = (language: LanguageCode, text: string): string =>
  `/api/speech?${new URLSearchParams({ language, text: text.slice(0, MAX_SPOKEN) }).toString()}`;

/** @param version asks for a fresh picture when the sheet has changed. */
export const qrUrl = (version: number): string => `/api/cabin/sheet.svg?version=${version}`;

/** @param version keeps the browser from showing a face that it has shown before. */
export const photoUrl = (version: number): string => `/api/identity/photo?version=${version}`;

/** @param version asks for a fresh picture for the next person's receipt. */
export const receiptQrUrl = (version: number): string => `/api/services/receipt.svg?version=${version}`;
