import { describe, expect, it, vi as spy } from "vitest";
import { QR_TEXT } from "../../../dev/mock/kiosk/identity";
import { datesProblem, dayShown, isoDay, isoToday } from "./dates";
import { grouped, groupedOf, numberState } from "./number";
import { MAX_SCAN, Wedge } from "./wedge";

describe("a number", () => {
  it("is read back in groups, with what is missing", () => {
    expect(grouped("079203001234")).toBe("079 203 001 234");
    expect(grouped("0792")).toBe("079 2");
    expect(grouped("")).toBe("");
    expect(groupedOf("0792", 12)).toBe("079 2__ ___ ___");
  });

  it.each([
    ["", "incomplete"],
    ["00123", "incomplete"],
    ["001234", "access"],
    ["0792030", "incomplete"],
    ["079203001234", "whole"],
  ])("%s is %s", (digits, state) => expect(numberState(digits)).toBe(state));
});

describe("a day", () => {
  it.each([
    ["05032003", "2003-03-05"],
    ["29022004", "2004-02-29"],
    ["29022003", null],
    ["31042003", null],
    ["00012003", null],
    ["05132003", null],
    ["05031899", null],
    ["05032200", null],
    ["0503200", null],
    ["", null],
  ])("%s is %s", (digits, iso) => expect(isoDay(digits)).toBe(iso));

  it("is read back while it is typed", () => {
    expect(dayShown("")).toBe("__/__/____");
    expect(dayShown("050")).toBe("05/0_/____");
    expect(dayShown("05032003")).toBe("05/03/2003");
  });

  it("is the one that Vietnam has", () => {
    expect(isoToday(Date.UTC(2026, 10, 22, 16, 59))).toBe("2026-11-22");
    expect(isoToday(Date.UTC(2026, 10, 22, 17, 0))).toBe("2026-11-23");
  });

  it("is missing, impossible or before the other, one thing at a time", () => {
    const typed = { number: "079203001234", birth: "05032003", expiry: "05032028" };
    const problem = (more: Partial<typeof typed>) => datesProblem({ ...typed, ...more }, "2026-11-22");
    expect(problem({})).toBeNull();
    expect(problem({ number: "001234" })).toBe("number");
    expect(problem({ birth: "0503200" })).toBe("birth");
    expect(problem({ birth: "23112026" })).toBe("birth");
    expect(problem({ expiry: "" })).toBe("expiry");
    expect(problem({ expiry: "05032003" })).toBe("order");
    expect(problem({ expiry: "01012020" }), "an expired card can be read, too").toBeNull();
  });
});

describe("a scanner that types", () => {
  function rig() {
    const scans: string[] = [];
    const wedge = new Wedge((text) => scans.push(text));
    let nowMs = 10_000;
    const type = (keys: Iterable<string>, gapMs = 5) => {
      const prevented: string[] = [];
      for (const key of keys) {
        nowMs += gapMs;
        wedge.hear({ key, timeStamp: nowMs, preventDefault: () => prevented.push(key) });
      }
      return prevented;
    };
    return { scans, wedge, type };
  }

  it("gives the whole code when Enter comes, and presses no button on its way", () => {
    const { scans, type } = rig();
    const prevented = type([...QR_TEXT, "Enter"]);
    expect(scans).toEqual([QR_TEXT]);
    expect(prevented.at(-1)).toBe("Enter");
    expect(prevented.filter((key) => key === " ")).toHaveLength(QR_TEXT.split(" ").length - 1);
  });

  it("is not taken for a person, who types digits, waits, and presses buttons", () => {
    const { scans, type } = rig();
    expect(type([..."079203001234", "Enter"])).toEqual([]);
    expect(type([..."079203001234", ..."0503200305032028", "Enter"])).toEqual([]);
    expect(type(["Enter", " "])).toEqual([]);
    expect(type([..."079203001234|x", "Tab", "Enter"])).toEqual([]);
    expect(type([...QR_TEXT, "Enter"], 301)).toEqual([]);
    expect(scans).toEqual([]);
  });

  it("may use Shift, and begins anew after a pause", () => {
    const { scans, wedge, type } = rig();
    type("079203001234||X");
    expect(wedge.isBurst).toBe(true);
    type(["0"], 400);
    expect(wedge.isBurst).toBe(false);
    type([..."79203009999|", "Shift", "A", "Enter"]);
    expect(scans).toEqual(["079203009999|A"]);
  });

  it("is cut at the station's limit, and forgotten with the line", () => {
    const { scans, wedge, type } = rig();
    type([...`079203001234|${"x".repeat(5_000)}`, "Enter"]);
    expect(scans[0]).toHaveLength(MAX_SCAN);
    type("079203001234|secret");
    wedge.forget();
    type(["Enter"]);
    expect(scans).toHaveLength(1);
  });

  it("needs somebody who listens only once", () => {
    const onScan = spy.fn();
    const wedge = new Wedge(onScan);
    for (const key of [...QR_TEXT, "Enter", "Enter"])
      wedge.hear({ key, timeStamp: 1, preventDefault: () => undefined });
    expect(onScan).toHaveBeenCalledTimes(1);
  });
});
