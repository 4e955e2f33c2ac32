import type { ServicesAction, ServicesPage, ServicesView } from "../../../kiosk/api/services.ts";

/** As much of a visit as decides what may be done. */
interface Having {
  readonly hasCard: boolean;
  readonly hasAnswers: boolean;
}

const when = (isSo: boolean, action: ServicesAction): ServicesAction[] => (isSo ? [action] : []);

/** @returns what an honest daemon would accept now. */
export function allowed(
  { page, question, service, trouble }: ServicesView,
  { hasCard, hasAnswers }: Having,
): ServicesAction[] {
  const card = when(service?.identity.level === "chip" && !service.has_card_fields, "use-card");
  const asked = when(question?.type !== "card", "answer");
  const skip = when(question?.optional ?? false, "skip");
  const again = when(trouble === "full", "submit");
  const keep = when(hasAnswers, "keep");
  const of: Record<ServicesPage, ServicesAction[]> = {
    home: ["open", "choose", "resume"],
    group: ["choose", "back", "end"],
    service: ["start", ...card, "back", "end"],
    question: [...card, ...asked, ...skip, ...keep, "back", "end"],
    check: [...card, "change", "show", "hide", "submit", ...keep, "back", "end"],
    sending: [],
    receipt: ["end"],
    trouble: [...again, ...keep, "back", "end"],
    farewell: ["open", "choose", "resume"],
    keep: ["keep-by-code", ...when(hasCard, "keep-by-card"), "back", "end"],
    kept: ["end"],
    resume: ["unlock", "choose", "back", "end"],
    found: ["start", "forget", "end"],
    waiting: [],
  };
  return of[page];
}
