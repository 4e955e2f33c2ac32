import { Refused } from "../../common/api/local";
import type { ServiceApi } from "../api/client";

export type DoorState = "asking" | "out" | "in" | "none";
export type DoorProblem =
  { readonly is: "wrong" | "unanswered" | "expired" } | { readonly is: "locked"; readonly seconds: number };

/** Whether the technician is in; the session itself is a cookie that no script can read. */
export class Door {
  status = $state<DoorState>("asking");
  problem = $state.raw<DoorProblem | null>(null);

  constructor(readonly api: Pick<ServiceApi, "login" | "logout">) {}

  async login(pin: string): Promise<boolean> {
    this.problem = null;
    try {
      await this.api.login(pin);
      this.status = "in";
    } catch (error) {
      this.#refused(error);
    }
    return this.status === "in";
  }

  async logout(): Promise<void> {
    this.status = "out";
    await this.api.logout().catch(() => undefined);
  }

  /** @returns whether the error was about the session: then the PIN is asked for again. */
  isShutBy(error: unknown): boolean {
    if (!(error instanceof Refused) || error.status !== 401) return false;
    if (this.status === "in") this.problem = { is: "expired" };
    this.status = "out";
    return true;
  }

  #refused(error: unknown): void {
    if (!(error instanceof Refused)) this.problem = { is: "unanswered" };
    else if (error.status === 404) this.status = "none";
    else if (error.problem === "locked") this.problem = { is: "locked", seconds: Number(error.body.seconds) };
    else this.problem = { is: error.status === 401 ? "wrong" : "unanswered" };
  }
}
