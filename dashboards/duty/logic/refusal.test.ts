import { describe, expect, it } from "vitest";
import { vi } from "../words/vi";
import { refusalSentence } from "./refusal";
import { sampleCard } from "./sample";

const taken = sampleCard({
  state: "acknowledged",
  owner: { login: "minh", name: "Đại úy Lê Quang Minh" },
  updated_at_ms: Date.parse("2026-11-22T03:12:05+07:00"),
});
const sentence = (reason: Parameters<typeof refusalSentence>[0]["reason"], card = taken) =>
  refusalSentence({ reason, action: "acknowledge", card }, vi);

describe("refusalSentence", () => {
  it("says who was faster, and when", () => {
    expect(sentence("stale")).toBe(
      "Đại úy Lê Quang Minh đã chuyển vụ việc sang “Đã tiếp nhận” lúc 03:12:05. Màn hình đã cập nhật, thao tác chưa được gửi.",
    );
  });

  it("does not name anybody when nobody holds it", () => {
    expect(sentence("stale", sampleCard())).toContain(vi.desk.staleOther);
    expect(sentence("stale", { ...taken, owner: null })).toContain(vi.desk.someone);
  });

  it.each(["not-allowed", "forbidden", "invalid", "failed"] as const)(
    "has its own words for %s",
    (reason) => {
      expect(sentence(reason)).not.toContain("Lê Quang Minh");
      expect(sentence(reason).length).toBeGreaterThan(20);
    },
  );
});
