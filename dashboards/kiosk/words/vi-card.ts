import type { CardField, IdentityFault, Proof } from "../api/identity";

/** One sentence for each name that the daemon speaks of a card. None of them blames its person. */
export const viCard = {
  field: {
    number: "Số căn cước",
    name: "Họ và tên",
    birth: "Ngày sinh",
    sex: "Giới tính",
    nationality: "Quốc tịch",
    ethnicity: "Dân tộc",
    religion: "Tôn giáo",
    origin: "Quê quán",
    residence: "Nơi cư trú",
    marks: "Đặc điểm nhận dạng",
    issued: "Ngày cấp",
    expires: "Có giá trị đến",
    parents: "Tên cha, mẹ",
    spouse: "Tên vợ hoặc chồng",
    "old-number": "Số chứng minh cũ",
    "card-id": "Mã của chip",
    photo: "Ảnh chân dung",
  } satisfies Record<CardField, string>,
  recipient: { "ward-police": "Công an phường" },
  trouble: {
    gone: {
      title: "Thẻ được lấy ra trước khi đọc xong",
      next: "Đặt lại thẻ lên đầu đọc, để yên đến khi màn hình báo xong.",
    },
    silent: {
      title: "Đầu đọc chưa nghe được chip",
      next: "Lấy thẻ ra khỏi ví, đặt phẳng lên đầu đọc rồi thử lại.",
    },
    "other-card": {
      title: "Thẻ đang đặt không phải thẻ căn cước gắn chip",
      next: "Xin đổi sang thẻ căn cước. Thẻ ngân hàng, thẻ bảo hiểm không dùng được ở bước này.",
    },
    "wrong-key": {
      title: "Số vừa dùng chưa mở được chip của thẻ này",
      next: "So lại số với thẻ đang đặt, hoặc quét mã QR, rồi thử lại.",
    },
    blocked: {
      title: "Chip đang tạm khóa cách mở này",
      next: "Để giữ an toàn cho thẻ, trạm không thử thêm bằng số này. Công an phường xem giúp được.",
    },
    garbled: {
      title: "Tín hiệu giữa thẻ và đầu đọc bị nhiễu",
      next: "Để điện thoại và chìa khóa ra xa, đặt lại thẻ rồi thử lại.",
    },
    refused: {
      title: "Chip chưa cho đọc phần thông tin này",
      next: "Đặt lại thẻ rồi thử lần nữa. Việc này cũng làm được tại công an phường.",
    },
    unreadable: {
      title: "Trạm chưa hiểu được thông tin trong chip",
      next: "Như vậy không có nghĩa là thẻ hỏng. Việc này làm được tại công an phường.",
    },
    tampered: {
      title: "Thông tin trong chip không khớp với chữ ký",
      next: "Trạm không dùng thông tin này. Xin mang thẻ đến công an phường để được xem giúp.",
    },
    "foreign-issuer": {
      title: "Trạm chưa nhận ra nơi đã ký thẻ này",
      next: "Có thể trạm thiếu dữ liệu mới. Việc này làm được tại công an phường.",
    },
    "issuer-expired": {
      title: "Chữ ký trong chip nằm ngoài thời hạn",
      next: "Trạm không dùng thông tin này. Xin mang thẻ đến công an phường để được xem giúp.",
    },
    "issuer-revoked": {
      title: "Chữ ký trong chip đã bị thu hồi",
      next: "Trạm không dùng thông tin này. Xin mang thẻ đến công an phường để được xem giúp.",
    },
    cloned: {
      title: "Chip chưa chứng minh được là chip gốc",
      next: "Trạm không dùng thông tin này. Xin mang thẻ đến công an phường để được xem giúp.",
    },
    "other-person": {
      title: "Số vừa dùng và thẻ đang đặt không cùng một người",
      next: "Có thể là mã QR của thẻ khác. Quét mã hoặc nhập số của đúng thẻ đang đặt.",
    },
    "no-reader": {
      title: "Đầu đọc thẻ đang tạm ngưng",
      next: "Xin đợi một chút rồi thử lại. Các việc khác của trạm vẫn dùng được.",
    },
    busy: {
      title: "Đã thử vài lần, xin để thẻ nghỉ một chút",
      next: "Trạm tạm dừng để chip không tự khóa. Hết thời gian chờ thì thử lại được.",
    },
    full: {
      title: "Trạm chưa nhận thêm được lúc này",
      next: "Chưa có gì được gửi. Xin thử lại sau, hoặc đến công an phường.",
    },
    "too-late": {
      title: "Buổi đo đã đi tiếp hoặc đã kết thúc",
      next: "Kết quả chưa gắn với thẻ. Có thể làm lại ở lần đo sau.",
    },
  } satisfies Record<IdentityFault, { title: string; next: string }>,
  proof: {
    verified: {
      "chip-authentication": "Thẻ thật: chữ ký của nơi cấp đúng, chip không phải bản sao.",
      "active-authentication": "Thẻ thật: chữ ký của nơi cấp đúng, chip không phải bản sao.",
      "not-supported":
        "Chữ ký của nơi cấp đúng, thông tin còn nguyên. Chip này không có cách kiểm tra bản sao.",
    },
    "not-checked": {
      "chip-authentication": "Thông tin còn nguyên và thuộc đúng chip này. Trạm chưa kiểm tra được nơi cấp.",
      "active-authentication":
        "Thông tin còn nguyên và thuộc đúng chip này. Trạm chưa kiểm tra được nơi cấp.",
      "not-supported": "Thông tin còn nguyên. Trạm chưa kiểm tra được nơi cấp và bản sao.",
    },
  } satisfies Record<Proof["issuer"], Record<Proof["clone_check"], string>>,
  refusal: {
    number: "Số này chưa khớp với cách đánh số căn cước. Xin so lại với thẻ.",
    code: "Mã vừa quét không phải mã của thẻ căn cước. Xin quét mã QR in trên thẻ.",
    dates: "Hai ngày này chưa khớp nhau. Xin so lại với thẻ.",
    field: "Mục này thủ tục bắt buộc có.",
    purpose: "Việc này hiện chưa dùng được. Xin chọn việc khác.",
  },
};
