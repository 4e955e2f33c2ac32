import { READING_STEPS, type IdentityView, type ReadingStep } from "../../api/identity";

export type StepState = "done" | "now" | "later";

export interface ShownStep {
  readonly name: ReadingStep;
  readonly state: StepState;
}

/** The steps of this reading: a face that is not asked for is no step. Before the first news, opening has begun. */
export function stepsOf({ step, purpose }: IdentityView): ShownStep[] {
  const names = READING_STEPS.filter((name) => name !== "photo" || purpose?.fields.includes("photo"));
  const now = step ? READING_STEPS.indexOf(step.name) : 0;
  return names.map((name) => {
    const at = READING_STEPS.indexOf(name);
    return { name, state: at < now ? "done" : at === now ? "now" : "later" };
  });
}
