import { Refused } from "../../common/api/local";
import type { LanguageCode } from "../../common/i18n/language.svelte";
import type { KioskApi } from "../api/client";
import type { Words } from "../words/vi";

export type PrintProblem = keyof Words["sheet"]["printProblem"];
export type PrintState = "idle" | "printing" | "printed" | PrintProblem;

const PROBLEMS: readonly PrintProblem[] = [
  "no-printer",
  "no-paper",
  "printer-silent",
  "printer-busy",
  "printer-fault",
];

/** The paper slip: one at a time, and what became of it in one sentence. */
export class Printing {
  state = $state.raw<PrintState>("idle");

  constructor(readonly api: Pick<KioskApi, "print">) {}

  async print(language: LanguageCode): Promise<void> {
    if (this.state === "printing") return;
    this.state = "printing";
    try {
      await this.api.print(language);
      this.state = "printed";
    } catch (error) {
      const problem = error instanceof Refused ? error.problem : "";
      this.state = PROBLEMS.find((each) => each === problem) ?? "other";
    }
  }

  reset(): void {
    this.state = "idle";
  }
}
