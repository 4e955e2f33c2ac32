import { Problem, type Api } from "../api/client";
import type { User } from "../api/types";

/** Who is at this page. `expired`: somebody was, and the server no longer knows them. */
export class Visitor {
  user = $state.raw<User | null>(null);
  status = $state<"asking" | "out" | "expired" | "in" | "unreachable">("asking");

  constructor(readonly api: Api) {}

  async restore(): Promise<void> {
    try {
      this.#enter((await this.api.session()).user);
    } catch (error) {
      this.status = error instanceof Problem && error.status === 401 ? "out" : "unreachable";
    }
  }

  /** @throws Problem (bad-credentials, throttled) or Unreachable: the page says which. */
  async login(login: string, password: string): Promise<void> {
    this.#enter((await this.api.login(login, password)).user);
  }

  async logout(): Promise<void> {
    await this.api.logout().catch(() => undefined); // the session ends by itself when nobody uses it
    this.user = null;
    this.status = "out";
  }

  /** The stream was refused: is it the session? `lost()` follows when it is. */
  async check(): Promise<void> {
    if (this.status === "in") await this.api.session().catch(() => undefined);
  }

  lost(): void {
    if (this.status === "in") this.status = "expired";
  }

  #enter(user: User): void {
    this.user = user;
    this.status = "in";
  }
}
