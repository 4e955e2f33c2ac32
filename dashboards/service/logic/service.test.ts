import { describe, expect, it } from "vitest";
import { Unreachable } from "../../common/api/client";
import { Refused } from "../../common/api/local";
import { typedDigits } from "../../common/typing/digits";
import { Desk } from "../../dev/mock/kiosk/desk";
import type { Pairing } from "../api/types";
import { Door } from "../state/door.svelte";
import { PairingRun } from "../state/pairing.svelte";
import { byUrgency, dayText, isName, markOf, suggestName } from "./devices";

describe("devices", () => {
  const [bp, oximeter, thermometer, glucose] = new Desk().devices;

  it("are marked by what a technician must see first", () => {
    expect([bp, oximeter, thermometer, glucose].map((each) => each && markOf(each))).toEqual([
      "ok",
      "overdue",
      "asleep",
      "lost",
    ]);
    expect(bp && markOf({ ...bp, state: "fault", readiness: "missing" })).toBe("fault");
  });

  it("stand in the order of their need", () => {
    const names = [...new Desk().devices].sort(byUrgency).map(({ name }) => name);
    expect(names).toEqual(["glucose-meter", "oximeter", "thermometer", "bp-1"]);
  });

  it("get names that the wire takes and nobody has", () => {
    expect(suggestName("UA-651BLE", [])).toBe("ua-651ble");
    expect(suggestName("Máy đo Đường huyết №1", [])).toBe("may-do-duong-huyet-1");
    expect(suggestName("ft95", ["ft95", "ft95-2"])).toBe("ft95-3");
    expect(suggestName("血圧", [])).toBe("device");
    for (const given of ["UA-651BLE", "Máy đo", "x".repeat(200), "--", "№1"])
      expect(isName(suggestName(given, ["device"])), given).toBe(true);
    expect(isName("Máy")).toBe(false);
  });

  it("have days as people write them", () => expect(dayText("2026-11-22")).toBe("22/11/2026"));
});

describe("typedDigits", () => {
  it("takes digits up to the length, and deletes", () => {
    expect(typedDigits("12", "3", 3)).toBe("123");
    expect(typedDigits("123", "4", 3)).toBe("123");
    expect(typedDigits("12", "a", 3)).toBe("12");
    expect(typedDigits("12", "delete", 3)).toBe("1");
    expect(typedDigits("", "Backspace", 3)).toBe("");
  });
});

describe("Door", () => {
  const door = (error: Error | null) =>
    new Door({
      login: () => (error ? Promise.reject(error) : Promise.resolve(new Response())),
      logout: () => Promise.reject(new Unreachable("")),
    });

  it("opens with the PIN and shuts at once on leaving, answered or not", async () => {
    const opened = door(null);
    expect(await opened.login("246810")).toBe(true);
    await opened.logout();
    expect(opened.status).toBe("out");
  });

  it.each([
    [new Refused(401, "wrong-pin"), { is: "wrong" }],
    [new Refused(429, "locked", { seconds: 300 }), { is: "locked", seconds: 300 }],
    [new Unreachable(""), { is: "unanswered" }],
    [new Refused(500, "internal"), { is: "unanswered" }],
  ])("tells why it stays shut: %s", async (error, problem) => {
    const shut = door(error);
    expect(await shut.login("0")).toBe(false);
    expect(shut.problem).toEqual(problem);
  });

  it("says that there is none when no PIN was set", async () => {
    const none = door(new Refused(404, "not-found"));
    await none.login("0");
    expect(none.status).toBe("none");
  });

  it("asks again when the session has ended, and only then", async () => {
    const opened = door(null);
    await opened.login("246810");
    expect(opened.isShutBy(new Unreachable(""))).toBe(false);
    expect(opened.isShutBy(new Refused(401, "no-session"))).toBe(true);
    expect([opened.status, opened.problem]).toEqual(["out", { is: "expired" }]);
  });
});

describe("PairingRun", () => {
  function rig(...told: Pairing[]) {
    const answers: object[] = [];
    let isDone = false;
    const run: PairingRun = new PairingRun(
      {
        pair: () => Promise.resolve("p-1"),
        pairing: () => Promise.resolve(told.shift() ?? { state: "failed", problem: "timed-out" }),
        answer: (_, answer) => (answers.push(answer), Promise.resolve(new Response())),
      },
      () => (isDone = true),
      () => Promise.resolve(),
    );
    return { run, answers, isDone: () => isDone };
  }
  const order = { name: "bp", driver: "ble", address: "x", place: "" };

  it("is followed until it is done", async () => {
    const { run, isDone } = rig(
      { state: "working" },
      { state: "confirm", passkey: "482913" },
      { state: "done" },
    );
    await run.begin(order);
    expect(run.pairing).toEqual({ state: "done" });
    expect(isDone()).toBe(true);
  });

  it("tells why it failed, also when it never began", async () => {
    const { run } = rig({ state: "failed", problem: "wrong-passkey" });
    await run.begin(order);
    expect(run.pairing).toEqual({ state: "failed", problem: "wrong-passkey" });
    const unheard = new PairingRun({
      pair: () => Promise.reject(new Refused(409, "radio")),
      pairing: () => Promise.reject(new Unreachable("")),
      answer: () => Promise.reject(new Unreachable("")),
    });
    await unheard.begin(order);
    expect(unheard.pairing).toEqual({ state: "failed", problem: "radio" });
  });

  it("sends what the technician says", async () => {
    const { run, answers } = rig({ state: "passkey" });
    await run.begin(order);
    await run.answer({ passkey: "123456" });
    expect(answers).toEqual([{ passkey: "123456" }]);
  });
});
