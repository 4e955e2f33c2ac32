import type { Role } from "../../common/api/types";
import { vi as requests } from "../../common/words/requests-vi";
import type { DeadLetter, OtherVerb, State, Verb } from "../api/types";
import type { Command } from "../logic/shortcuts";

/** The trade's own words: one for each code that the API speaks. */
export const viTerms = {
  roles: {
    duty_officer: "Cán bộ trực ban",
    city_desk: "Trực chỉ huy thành phố",
    fleet_admin: "Quản trị trạm",
    auditor: "Kiểm tra",
    desk_officer: "Cán bộ bàn tiếp nhận",
  } satisfies Record<Role, string>,
  state: requests.state satisfies Record<State, string>,
  action: {
    receive: "Tiếp nhận",
    refuse: "Từ chối",
    start: "Bắt đầu giải quyết",
    "ask-supplement": "Yêu cầu bổ sung",
    "ask-fee": "Yêu cầu nộp phí",
    decide: "Quyết định",
    "make-ready": "Báo có kết quả",
    deliver: "Đã trả kết quả",
    stop: "Dừng giải quyết",
    accept: "Nhận phản ánh",
    "mark-duplicate": "Đánh dấu trùng",
    assign: "Giao người phụ trách",
    resolve: "Đã xử lý xong",
    contact: "Đã liên hệ",
    finish: "Đã làm xong",
    decline: "Không nhận làm",
    offer: "Đề nghị giờ khám",
    attend: "Đã đến khám",
    miss: "Không đến",
    cancel: "Hủy lịch",
    apologise: "Xin lỗi và hẹn ngày mới",
  } satisfies Record<Verb, string>,
  happened: {
    submit: "Nộp tại trạm",
    supplement: "Bổ sung",
    pay: "Đã nộp phí",
    withdraw: "Rút hồ sơ",
    confirm: "Xác nhận đã xong",
    reopen: "Mở lại",
    book: "Chọn giờ khám",
    remind: "Nhắc giờ khám",
    rate: "Đánh giá",
    follow: "Cập nhật từ hệ thống khác",
    "run-late": "Quá hạn, đã tự xin lỗi",
    nudge: "Nhắc người dân",
    lapse: "Hết thời hạn",
  } satisfies Record<OtherVerb, string>,
  actor: { citizen: "Người dân", desk: "Cán bộ", connector: "Hệ thống khác", system: "Hệ thống" },
  decision: { granted: "Đồng ý giải quyết", denied: "Không đồng ý" },
  wanted: requests.wanted,
  field: {
    number: "Số định danh",
    name: "Họ và tên",
    birth: "Ngày sinh",
    sex: "Giới tính",
    nationality: "Quốc tịch",
    origin: "Quê quán",
    residence: "Nơi thường trú",
    issued: "Ngày cấp",
    expires: "Ngày hết hạn",
  } as Record<string, string>,
  letter: {
    submit: "Chuyển hồ sơ sang hệ thống khác",
    amend: "Chuyển phần bổ sung sang hệ thống khác",
    paid: "Báo hệ thống khác rằng lệ phí đã nộp",
    message: "Nhắn tin cho người dân",
  } satisfies Record<DeadLetter["kind"], string>,
  command: {
    next: "Hồ sơ kế tiếp",
    previous: "Hồ sơ trước",
    search: "Tìm theo mã",
    help: "Mở bảng phím tắt",
    back: "Quay lại",
  } satisfies Record<Command, string>,
};

export type Terms = typeof viTerms;
