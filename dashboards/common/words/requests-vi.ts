/**
 * What becomes of a request, in words: one reviewed set for the citizen's screen and the clerk's. The keys are those of
 * cloud.requests (State, reasons.TEXTS) and of the catalogue's documents.
 */
export const vi = {
  /** As a clerk's list names it. */
  state: {
    submitted: "Mới nộp",
    received: "Đã tiếp nhận",
    refused: "Đã từ chối",
    processing: "Đang giải quyết",
    "supplement-wanted": "Chờ bổ sung",
    supplemented: "Đã bổ sung",
    "fee-wanted": "Chờ nộp phí",
    "fee-paid": "Đã nộp phí",
    decided: "Đã quyết định",
    "result-ready": "Có kết quả, chờ nhận",
    delivered: "Đã trả kết quả",
    stopped: "Đã dừng giải quyết",
    withdrawn: "Người dân đã rút",
    new: "Phản ánh mới",
    accepted: "Đã nhận",
    duplicate: "Trùng hồ sơ khác",
    assigned: "Đã giao",
    "in-progress": "Đang xử lý",
    resolved: "Đã xử lý, chờ xác nhận",
    reopened: "Người dân mở lại",
    confirmed: "Người dân xác nhận xong",
    closed: "Đã đóng",
    sent: "Mới chuyển đến",
    contacted: "Đã liên hệ",
    done: "Đã xong",
    declined: "Không nhận làm",
    asked: "Xin lịch khám",
    offered: "Chờ chọn giờ",
    booked: "Đã đặt lịch",
    reminded: "Sắp đến giờ khám",
    attended: "Đã đến khám",
    cancelled: "Đã hủy lịch",
    missed: "Không đến khám",
  },
  /** As its person is told it, and what comes next. */
  told: {
    submitted: {
      title: "Đã nộp, chờ tiếp nhận",
      next: "Cán bộ sẽ xem giấy tờ rồi báo đã nhận hay cần bổ sung. Chưa phải làm gì thêm.",
    },
    received: {
      title: "Đã được tiếp nhận",
      next: "Hồ sơ đang chờ đến lượt giải quyết. Chưa phải làm gì thêm.",
    },
    refused: {
      title: "Không được tiếp nhận",
      next: "Xin xem lý do bên dưới. Có thể nộp lại sau khi đã sửa, hoặc hỏi bộ phận một cửa của phường.",
    },
    processing: {
      title: "Đang được giải quyết",
      next: "Cơ quan đang làm. Chưa phải làm gì thêm.",
    },
    "supplement-wanted": {
      title: "Cần bổ sung",
      next: "Xin mang phần còn thiếu đến bộ phận một cửa của phường. Bổ sung xong, hồ sơ được làm tiếp.",
    },
    supplemented: {
      title: "Đã nhận phần bổ sung",
      next: "Cán bộ sẽ xem rồi làm tiếp. Chưa phải làm gì thêm.",
    },
    "fee-wanted": {
      title: "Chờ nộp tiền",
      next: "Nộp xong thì được làm tiếp. Xin nộp theo giấy báo, hoặc hỏi bộ phận một cửa của phường.",
    },
    "fee-paid": {
      title: "Đã nhận tiền",
      next: "Đang chờ làm bước tiếp theo. Chưa phải làm gì thêm.",
    },
    decided: {
      title: "Đã có quyết định",
      next: "Cơ quan đang chuẩn bị giấy tờ kết quả. Chưa phải làm gì thêm.",
    },
    "result-ready": {
      title: "Đã có kết quả, xin đến nhận",
      next: "Xin mang biên nhận và giấy tờ tùy thân đến nơi trả kết quả.",
    },
    delivered: { title: "Đã trả kết quả", next: "Việc này đã xong." },
    stopped: {
      title: "Đã dừng giải quyết",
      next: "Đã quá thời hạn bổ sung hoặc nộp tiền. Muốn làm tiếp thì nộp hồ sơ mới.",
    },
    withdrawn: { title: "Đã rút lại", next: "Việc này đã dừng theo đề nghị. Muốn làm lại thì gửi mới." },
    new: { title: "Đã gửi, chờ tiếp nhận", next: "Nơi phụ trách sẽ xem và báo lại. Chưa phải làm gì thêm." },
    accepted: {
      title: "Phản ánh đã được nhận",
      next: "Phản ánh đang được chuyển đến đơn vị phụ trách. Chưa phải làm gì thêm.",
    },
    duplicate: {
      title: "Việc này đã có người báo",
      next: "Đơn vị phụ trách đang xử lý cùng một việc trong phản ánh trước.",
    },
    assigned: { title: "Đã giao cho đơn vị phụ trách", next: "Đơn vị sắp xử lý. Chưa phải làm gì thêm." },
    "in-progress": { title: "Đang được xử lý", next: "Đơn vị phụ trách đang làm. Chưa phải làm gì thêm." },
    resolved: {
      title: "Báo đã xử lý xong",
      next: "Xin cho biết có đúng vậy không. Không trả lời trong thời hạn thì phản ánh tự đóng.",
    },
    reopened: {
      title: "Đã mở lại",
      next: "Đơn vị phụ trách sẽ xem lại việc này. Chưa phải làm gì thêm.",
    },
    confirmed: { title: "Đã xong, người gửi xác nhận", next: "Việc này đã khép lại. Cảm ơn đã báo." },
    closed: {
      title: "Đã đóng",
      next: "Việc này đã khép lại. Nếu vẫn còn, xin gửi phản ánh mới.",
    },
    sent: { title: "Đã gửi đi, chờ nơi nhận", next: "Nơi nhận sẽ xem và liên hệ. Chưa phải làm gì thêm." },
    contacted: {
      title: "Nơi nhận đã liên hệ",
      next: "Đang làm tiếp theo những gì đã trao đổi.",
    },
    done: { title: "Đã làm xong", next: "Việc này đã khép lại." },
    declined: {
      title: "Nơi nhận không làm được việc này",
      next: "Xin xem lý do bên dưới. Cần hướng dẫn thì hỏi bộ phận một cửa của phường.",
    },
    asked: { title: "Đã xin lịch khám", next: "Nơi khám sẽ báo các giờ còn trống để chọn." },
    offered: {
      title: "Nơi khám đã báo giờ, chờ chọn",
      next: "Xin gọi nơi khám để chọn một giờ dưới đây. Không chọn trong thời hạn thì lịch tự hủy.",
    },
    booked: { title: "Đã đặt được lịch khám", next: "Xin đến đúng giờ đã chọn, mang theo giấy tờ tùy thân." },
    reminded: { title: "Sắp đến giờ khám", next: "Xin đến đúng giờ đã chọn, mang theo giấy tờ tùy thân." },
    attended: { title: "Đã đi khám", next: "Lịch khám này đã xong." },
    cancelled: { title: "Lịch khám đã hủy", next: "Muốn khám thì xin lịch mới." },
    missed: { title: "Lịch khám đã qua", next: "Muốn khám thì xin lịch mới." },
  },
  reason: {
    "not-ours": "Việc này thuộc cơ quan khác giải quyết.",
    unclear: "Nội dung chưa đủ rõ để giải quyết.",
    "not-reached": "Đã liên hệ nhiều lần nhưng chưa gặp được ông/bà.",
    "not-entitled": "Trường hợp này chưa đủ điều kiện theo quy định.",
    "asked-by-person": "Theo yêu cầu của ông/bà.",
    "paper-missing": "Còn thiếu giấy tờ.",
    "paper-unreadable": "Giấy tờ bị mờ hoặc chụp thiếu góc.",
    "paper-expired": "Giấy tờ đã hết hạn.",
    "details-differ": "Thông tin trên giấy tờ và trong hồ sơ chưa khớp nhau.",
    "details-missing": "Còn thiếu thông tin để giải quyết.",
    "no-proof": "Giấy tờ chưa chứng minh được nội dung đề nghị.",
    "wrong-procedure": "Hồ sơ nộp nhầm thủ tục.",
    twice: "Hồ sơ này đã được nộp trước đó.",
    "nothing-found": "Đã kiểm tra tại chỗ, không thấy như phản ánh.",
    "time-over": "Đã quá thời hạn bổ sung hoặc nộp phí.",
    "no-slot": "Nơi khám không còn lịch phù hợp.",
    "doctor-absent": "Bác sĩ vắng mặt đột xuất.",
    "much-to-do": "Số hồ sơ đang nhiều hơn thường lệ.",
    "other-office": "Đang chờ cơ quan khác trả lời.",
    "check-on-site": "Cần kiểm tra thêm tại chỗ.",
    "system-down": "Hệ thống gặp sự cố.",
    repaired: "Đã khắc phục xong tại chỗ.",
    warned: "Đã kiểm tra và nhắc nhở người liên quan.",
    planned: "Đã đưa vào kế hoạch sửa chữa.",
  },
  /** What may be asked for where a service names no papers. */
  wanted: {
    details: "Nói rõ hơn nội dung",
    place: "Địa điểm chính xác",
    photo: "Hình ảnh",
    contact: "Cách liên lạc",
  },
  /** The catalogue's documents by the name that fits every service that wants them. */
  document: {
    "birth-slip": "Giấy chứng sinh",
    copy: "Bản sao cần chứng thực",
    ct01: "Tờ khai thay đổi thông tin cư trú, mẫu CT01",
    discount: "Giấy tờ chứng minh được miễn, giảm phí",
    "dwelling-proof": "Giấy tờ chứng minh chỗ ở hợp pháp",
    form: "Tờ khai",
    "home-proof": "Giấy tờ chứng minh chỗ ở hợp pháp",
    letter: "Văn bản ủy quyền",
    marriage: "Giấy chứng nhận kết hôn",
    notice: "Giấy báo tử hoặc giấy tờ thay thế",
    "old-card": "Thẻ cũ",
    original: "Bản chính giấy tờ cần chứng thực",
    "parents-id": "Thẻ căn cước của cha, mẹ",
    permission: "Văn bản đồng ý của cơ quan quản lý",
    "relation-proof": "Giấy tờ chứng minh quan hệ với chủ hộ",
  },
};

export type RequestWords = typeof vi;
export type RequestState = keyof RequestWords["state"];
