import type { ServicesView } from "../../api/services";

/** What makes it another screen; the first word of it is told to the daemon as the page that is shown. */
export function servicesKey({ page, need, service, question, trouble }: ServicesView): string {
  const about: Partial<Record<ServicesView["page"], string>> = {
    group: need ?? "",
    service: service?.id ?? "",
    question: question?.id ?? "",
    trouble: trouble ?? "",
  };
  const more = about[page];
  return more === undefined ? `services-${page}` : `services-${page} ${more}`;
}

/** Nobody has begun anything: the greeting of a station with services. */
export const isAtHome = (view: ServicesView | null): boolean => view === null || view.page === "home";

/** Who looked for a service has gone. Whoever steps back to the start, or into the cabin, still stands here. */
export function hasLeftServices(before: ServicesView | null, after: ServicesView): boolean {
  if (after.page !== "home" || before === null || before.page === "home") return false;
  return before.page === "farewell" || before.idle !== null || before.is_submitted;
}
