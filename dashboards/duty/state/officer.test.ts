import { describe, expect, it } from "vitest";
import { Problem, Unreachable, type Api } from "../../common/api/client";
import type { Role } from "../../common/api/types";
import { Officer } from "./officer.svelte";

const session = (role: Role) =>
  Promise.resolve({ user: { login: "an", name: "An", role, wards: [] }, csrf: "t" });
const officerWith = (answer: () => Promise<unknown>) =>
  new Officer({ session: answer, logout: () => Promise.reject(new Unreachable()) } as unknown as Api);

describe("Officer", () => {
  it.each([
    [new Problem(401, "no-session"), "out"],
    [new Problem(500, "internal"), "unreachable"],
    [new Unreachable(), "unreachable"],
  ])("after %s is %s: only the server can say that nobody is in", async (error, status) => {
    const officer = officerWith(() => Promise.reject(error));
    await officer.restore();
    expect(officer.status).toBe(status);
  });

  it.each([
    ["duty_officer", true, true],
    ["city_desk", true, true],
    ["fleet_admin", false, true],
    ["auditor", false, false],
  ] as const)("%s may act: %s, may drill: %s", async (role, mayAct, mayDrill) => {
    const officer = officerWith(() => session(role));
    await officer.restore();
    expect(officer).toMatchObject({ status: "in", mayAct, mayDrill });
  });

  it("knows a lost session from one that never was", async () => {
    const officer = officerWith(() => session("auditor"));
    officer.lost();
    expect(officer.status).toBe("asking");
    await officer.restore();
    officer.lost();
    expect(officer.status).toBe("expired");
  });

  it("is out at once, also when the server cannot be told", async () => {
    const officer = officerWith(() => session("duty_officer"));
    await officer.restore();
    await officer.logout();
    expect(officer).toMatchObject({ status: "out", user: null, mayAct: false });
  });
});
