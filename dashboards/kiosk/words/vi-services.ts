import type { Need } from "../api/services";

/** The start screen of a station with services, and what is needed before one of them is opened. */
export const viServices = {
  home: {
    title: "Xin chào. Hôm nay cần làm việc gì?",
    hint: "Chạm vào một ô. Chưa có gì được gửi đi cho đến khi bấm nộp.",
    needs: "Các nhóm việc",
  },
  guide: "Cần làm việc gì? Gõ vài chữ",
  guideDetail: "Có dấu hay không dấu đều được",
  need: {
    home: { title: "Chỗ ở", text: "Tạm trú, thường trú, tạm vắng" },
    family: { title: "Gia đình", text: "Khai sinh, khai tử" },
    papers: { title: "Giấy tờ", text: "Căn cước, bản sao, lý lịch tư pháp" },
    money: { title: "Trả tiền", text: "Điện, nước, mạng, học phí" },
    health: { title: "Sức khỏe", text: "Bảo hiểm y tế, hẹn khám" },
    safety: { title: "Báo tin, phản ánh", text: "Mất an ninh, hư hỏng, ồn ào" },
    "telephone-bank": { title: "Điện thoại, ngân hàng", text: "Mua SIM, mở tài khoản, VNeID" },
    talk: { title: "Nói với công an", text: "Nhắn cảnh sát khu vực" },
  } satisfies Record<Need, { title: string; text: string }>,
  resume: "Làm tiếp hồ sơ đang dở",
  resumeDetail: "Bằng mã hoặc thẻ đã giữ lại",
  idle: "Nếu không bấm gì, mọi điều đã nhập sẽ được xóa và không được giữ lại. Muốn làm tiếp vào lúc khác thì bấm “Giữ lại”.",
  idleKeep: "Giữ lại, làm tiếp sau",
  cabin: "Đo sức khỏe",
  cabinDetail: "Huyết áp, nhịp tim, oxy, cân nặng",
  refusal: {
    need: "Trạm này chưa có việc nào trong nhóm đó. Xin chọn ô khác.",
    service: "Trạm này chưa làm được việc đó. Xin chọn việc khác.",
  },
  helpLines: [
    "Mỗi màn hình chỉ hỏi một câu. Nút đi tiếp luôn ở phía dưới.",
    "Bấm “Nghe lại” để nghe đọc câu hỏi, “Dễ nhìn, dễ bấm” để đổi cỡ chữ, màu và chỗ bấm.",
    "Bấm “Quay lại” để sửa câu trước. Chưa có gì được gửi đi cho đến khi bấm nộp.",
    "Rời trạm giữa chừng thì mọi điều đã nhập được xóa hết, trừ khi đã bấm “Để sau, giữ lại phần đã điền”.",
    "Gõ dấu kiểu Telex: aa được â, dd được đ, s f r x j là dấu thanh. Gõ hai lần để bỏ.",
    "Cần người giúp ngay: bấm nút SOS màu đỏ.",
  ],
};
