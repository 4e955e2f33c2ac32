import type { DraftFault, DraftTrouble } from "../../api/services";

/** Everything about keeping what is not submitted yet, and taking it up again. */
export const vi = {
  later: "Để sau, giữ lại phần đã điền",
  keep: {
    title: "Giữ lại phần đã điền để làm tiếp sau?",
    hint: "Chưa nộp. Khi nào sẵn sàng thì quay lại chính trạm này.",
    facts: [
      "Phần đã điền được niêm phong trong trạm. Chỉ mở được bằng mã hoặc thẻ của người giữ.",
      "Giữ trong 7 ngày rồi tự xóa. Nộp xong cũng xóa.",
      "Thông tin trên thẻ căn cước và ảnh chụp không được giữ. Lần sau trạm đọc lại thẻ, chụp lại ảnh.",
      "Câu đang gõ mà chưa bấm “Tiếp tục” thì chưa được giữ.",
    ],
    byCode: "Giữ lại và nhận mã",
    byCodeDetail: "Mã hiện trên màn hình, có thể in ra giấy",
    byCard: "Giữ bằng thẻ căn cước, không cần mã",
    byCardDetail: "Thay cho bản cũ của việc này, nếu thẻ này đã giữ một bản",
  },
  kept: {
    title: "Đã giữ lại tại trạm này",
    hintByCode: "Xin chụp, chép hoặc in mã này. Trạm không lưu mã: mất mã thì không mở lại được.",
    hintByCard: "Lần sau bấm “Làm tiếp hồ sơ đang dở”, rồi chọn đã giữ bằng thẻ căn cước.",
    code: "Mã làm tiếp",
    secret: "Ai có mã đều mở được. Xin đừng đưa cho người khác.",
    until: "Giữ đến",
    card: "Đã gắn với thẻ căn cước vừa đọc",
    notSubmitted: "Hồ sơ mới được giữ, chưa được gửi cho cơ quan nào.",
    print: "In mã ra giấy",
    finish: "Xong, xóa màn hình",
  },
  resume: {
    title: "Nhập mã làm tiếp",
    hint: "Mã có 13 chữ và số, trên tờ giấy hoặc trong ảnh đã chụp. Không cần gõ dấu gạch.",
    code: "Mã làm tiếp",
    example: "Ví dụ: K7QM-3VXPW-2HFD",
    open: "Mở hồ sơ",
    wait: (seconds: number) => `Xin đợi ${seconds} giây`,
    waitText: "Đã thử nhiều mã chưa đúng. Xin xem lại mã trong lúc đợi.",
    byCard: "Tôi đã giữ bằng thẻ căn cước",
    cardTitle: "Hồ sơ đang dở là việc nào?",
    cardHint: "Chọn đúng việc đó, rồi đọc thẻ căn cước. Trạm sẽ mở phần đã điền.",
    services: "Các việc có đọc thẻ",
    fault: {
      mistyped: "Mã gõ chưa đúng. Xin xem lại từng chữ, từng số.",
      unknown: "Không có hồ sơ nào đang giữ với mã này ở trạm này: mã khác, đã quá 7 ngày, hoặc đã nộp.",
      damaged: "Phần đã giữ bị hỏng, không đọc lại được, và đã được xóa. Xin điền lại từ đầu.",
      unreadable: "Trạm chưa mở được lúc này. Chưa mất gì, xin thử lại sau vài phút.",
      "not-offered": "Trạm này không còn nhận việc đó. Xin hỏi bộ phận một cửa của phường.",
    } satisfies Record<DraftFault, string>,
    faultTitle: "Chưa mở được hồ sơ",
  },
  found: {
    title: "Đã mở hồ sơ đang dở",
    answered: (count: number) => `Còn giữ ${count} câu trả lời`,
    until: (day: string) => `Bản này giữ đến ${day}`,
    changed: "Thủ tục này đã thay đổi từ lần trước",
    anew: "Cần trả lời lại",
    nothingAnew: "Không phải trả lời lại câu nào đã điền",
    proceed: "Làm tiếp",
    forget: "Xóa bản này",
    sure: "Bấm lần nữa để xóa hẳn",
  },
  waiting: { title: "Xin đợi một chút", hint: "Trạm đang ghi hoặc mở bản được giữ." },
  beginAnew: "Bắt đầu hồ sơ mới",
  tryAgain: "Quay lại các câu trả lời",
  trouble: {
    "no-room": {
      title: "Trạm chưa giữ thêm được hồ sơ nào",
      hint: "Chỗ giữ đã đầy. Các câu trả lời vẫn còn trên màn hình, chưa mất gì.",
      next: "Có thể điền tiếp và nộp luôn, hoặc đến bộ phận một cửa của phường.",
    },
    "not-kept": {
      title: "Trạm chưa làm được việc này lúc này",
      hint: "Chưa có gì được giữ thêm, cũng chưa có gì bị xóa.",
      next: "Xin thử lại sau vài phút, hoặc điền tiếp và nộp luôn. Kỹ thuật viên đã thấy việc này.",
    },
    "no-draft": {
      title: "Không thấy hồ sơ nào giữ bằng thẻ này",
      hint: "Có thể là việc khác, đã quá 7 ngày, đã nộp, hoặc giữ ở trạm khác.",
      next: "Có thể bắt đầu hồ sơ mới ngay bây giờ.",
    },
    "draft-damaged": {
      title: "Phần đã giữ bị hỏng, không đọc lại được",
      hint: "Trạm xin lỗi. Bản đó đã được xóa, xin điền lại từ đầu.",
      next: "Có thể bắt đầu hồ sơ mới ngay bây giờ.",
    },
  } satisfies Record<DraftTrouble, { title: string; hint: string; next: string }>,
  farewell: {
    title: {
      kept: "Đã giữ lại, chưa nộp",
      "still-kept": "Đã dừng lại, chưa nộp",
      forgotten: "Đã xóa bản được giữ",
    },
    hint: {
      kept: "Màn hình đã được xóa. Xin giữ kỹ mã hoặc thẻ để làm tiếp tại trạm này.",
      "still-kept": "Bản giữ lần trước vẫn còn nguyên. Những điều vừa nhập thêm đã được xóa.",
      forgotten: "Không còn gì được giữ tại trạm. Có thể bắt đầu lại bất cứ lúc nào.",
    },
  },
};

export type DraftWords = typeof vi;
