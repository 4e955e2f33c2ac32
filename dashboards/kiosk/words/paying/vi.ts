import type { PayingPage, PayingTrouble } from "../../api/paying";
import type { Sentence } from "../../logic/sentences";

/** Everything about paying at the screen. */
export const vi = {
  page: {
    asking: { title: "Đang hỏi hóa đơn", hint: "Xin đợi vài giây. Trạm đang hỏi nơi thu tiền." },
    bills: {
      title: "Chọn hóa đơn muốn trả",
      hint: "Xin xem tên che bớt có đúng người cần trả không, rồi bấm một hóa đơn.",
    },
    "no-bills": {
      title: "Không còn hóa đơn nào phải trả",
      hint: "Nơi thu tiền cho biết mã khách hàng này không còn nợ. Không mất tiền.",
    },
    opening: { title: "Đang chuẩn bị mã thanh toán", hint: "Xin đợi vài giây. Chưa mất tiền." },
    pay: {
      title: "Quét mã này để trả tiền",
      hint: "Mở ứng dụng ngân hàng hoặc ví trên điện thoại, chọn quét mã QR.",
    },
    paid: { title: "Đã nhận tiền, cảm ơn", hint: "Xin bấm nút dưới để lấy biên nhận và mã tra cứu." },
    over: {
      title: "Mã thanh toán đã hết hạn",
      hint: "Chưa trả thì chưa mất tiền. Nếu đã lỡ trả, tiền vẫn được ghi nhận hoặc hoàn lại.",
    },
  } satisfies Record<Exclude<PayingPage, "none" | "trouble" | "done">, Sentence>,
  trouble: {
    offline: {
      title: "Trạm đang mất mạng, chưa thể trả tiền",
      hint: "Chưa mất tiền. Điều đã gửi vẫn được giữ tại trạm. Xin thử lại sau ít phút.",
    },
    "out-of-reach": {
      title: "Nơi thu tiền chưa trả lời",
      hint: "Chưa mất tiền. Xin thử lại sau ít phút.",
    },
    "unknown-account": {
      title: "Không tìm thấy mã khách hàng này",
      hint: "Xin xem lại mã trên hóa đơn giấy hoặc tin nhắn, rồi làm lại từ đầu. Không mất tiền.",
    },
    "paid-already": {
      title: "Hóa đơn này đã được trả rồi",
      hint: "Không cần trả nữa. Xin đừng chuyển thêm tiền.",
    },
    "not-offered": {
      title: "Trạm chưa nhận trả khoản này",
      hint: "Xin trả bằng cách vẫn dùng trước nay. Không mất tiền.",
    },
  } satisfies Record<PayingTrouble, Sentence>,
  changed: "Hóa đơn vừa có thay đổi. Xin xem lại và chọn lần nữa.",
  holder: "Người đứng tên",
  bills: "Các hóa đơn còn phải trả",
  period: (period: string) => `Kỳ ${period}`,
  due: (day: string) => `Hạn trả ${day}`,
  unpaid: "CHƯA TRẢ",
  amount: "Số tiền",
  reference: "Mã thanh toán",
  left: (time: string) => `Mã còn dùng được ${time}`,
  until: (time: string) =>
    `Rời trang này, mã vẫn trả được đến ${time}. Không nhận tiền mặt, không hỏi số thẻ.`,
  qr: (provider: string) => `Mã QR để trả qua ${provider}`,
  qrFailed: "Chưa vẽ được mã. Xin chọn cách trả khác hoặc thử lại.",
  ways: "Cách trả",
  provider: { bank: "Ngân hàng (VietQR)", vnpay: "VNPAY", momo: "Ví MoMo" } as Readonly<
    Record<string, string>
  >,
  partly: (taken: string, rest: string) => `Đã nhận ${taken}, còn thiếu ${rest}. Xin quét mã và chuyển thêm.`,
  over: (rest: string) => `Đã nhận thừa ${rest}. Số thừa sẽ được hoàn lại.`,
  unheard: "Trạm đang mất mạng. Mã vẫn trả được; trạm sẽ báo khi nối lại.",
  clearing: "Đang chờ nơi thu tiền gạch nợ.",
  cleared: "Nơi thu tiền đã gạch nợ.",
  receipt: "Số biên nhận",
  invoice: "Hóa đơn điện tử",
  again: "Thử lại",
  renew: "Lấy mã mới",
  back: "Chọn hóa đơn khác",
  done: "Lấy biên nhận",
  end: "Kết thúc, xóa màn hình",
};

export type PayingWords = typeof vi;
