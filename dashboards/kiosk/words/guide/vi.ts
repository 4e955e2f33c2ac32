import type { GuideRefusal, GuideTopic } from "../../api/guide";

/** The guide's own words; what it says of services comes from the daemon. */
export const vi = {
  starting: "Người hướng dẫn đang đến…",
  field: "Việc cần làm, vài chữ là đủ",
  find: "Tìm việc này",
  said: (text: string) => `Đã gõ: “${text}”`,
  proposals: "Các việc có thể đúng",
  none: "Không phải việc nào ở trên",
  other: "Hỏi việc khác",
  begin: "Bắt đầu",
  topics: "Hỏi thêm về việc này",
  topic: {
    what: "Là việc gì?",
    cost: "Hết bao nhiêu?",
    time: "Mất bao lâu?",
    need: "Cần gì?",
  } satisfies Record<GuideTopic, string>,
  source: "Nguồn",
  catalogue: (version: string) => `danh mục dịch vụ của trạm, bản ${version}`,
  unconfirmed: "chưa xác nhận",
  sosTitle: "Có cần giúp ngay không?",
  sos: "SOS",
  sosDetail: "Nhấn để gọi khẩn cấp",
  noDanger: "Không nguy hiểm, hỏi việc khác",
  person: "Gặp người hỗ trợ",
  personTitle: "Gặp người hỗ trợ",
  personHint: "Chọn cách được giúp. Cần giúp ngay thì nhấn nút SOS màu đỏ.",
  officer: "Nhắn cảnh sát khu vực",
  officerDetail: "Để lại lời nhắn và số điện thoại, cán bộ sẽ liên hệ",
  help: "Xem cách dùng trạm",
  helpDetail: "Vài câu ngắn, có đọc thành tiếng",
  back: "Quay lại hỏi tiếp",
  refusal: {
    text: "Xin gõ vài chữ về việc cần làm.",
    service: "Trạm này chưa làm được việc đó. Xin chọn việc khác.",
    topic: "Câu hỏi này chưa có. Xin chọn câu khác.",
    "not-ready": "Người hướng dẫn chưa sẵn sàng. Xin thử lại sau giây lát, hoặc quay lại và chọn theo nhóm.",
    overtaken: "Xin gõ lại: trước đó đã chọn việc khác.",
  } satisfies Record<GuideRefusal, string>,
  unanswered: "Trạm chưa trả lời. Xin bấm lại.",
};

export type GuideWords = typeof vi;
