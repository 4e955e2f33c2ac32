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

  /** @param send what is printed: the sheet of the cabin, where nothing else is named. */
  async print(language: LanguageCode, send = this.api.print): Promise<void> {
    if (this.state === "printing") return;
    this.state = "printing";
    try {
      await send(language);
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
