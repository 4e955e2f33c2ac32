import type { Menu } from "../../api/services";

/** Writing to the area officer is a service like any other, where the station offers it. */
export const OFFICER = "contact-area-officer";

const entries = (menu: Menu | null) => menu?.needs.flatMap(({ services }) => services) ?? [];

export const hasOfficer = (menu: Menu | null): boolean => entries(menu).some(({ id }) => id === OFFICER);

/** The cabin is a service without pages of its own. */
export const isCabin = (menu: Menu | null, service: string): boolean =>
  entries(menu).some(({ id, kind }) => id === service && kind === "cabin");
