import { describe, expect, it } from "vitest";
import { holdTogether } from "../../dev/catalogues";
import { en } from "./en";
import { vi } from "./vi";

/** Words that are rightly the same in both. */
const SAME = /^sos$/;

describe("the catalogues", () => {
  holdTogether(vi, en, SAME);

  it("say ages in words", () => {
    expect(vi.ago(2, "minute")).toBe("2 phút trước");
    expect(vi.ago(0, "now")).toBe("vừa xong");
    expect(en.ago(1, "hour")).toBe("1 hour ago");
  });
});
