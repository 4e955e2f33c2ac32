import type { Menu } from "../../api/services";

/** Writing to the area officer is a service like any other, where the station offers it. */
export const OFFICER = "contact-area-officer";

export const hasOfficer = (menu: Menu | null): boolean =>
  menu?.needs.some(({ services }) => services.some(({ id }) => id === OFFICER)) ?? false;
