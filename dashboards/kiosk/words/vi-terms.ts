import type { ConsentScope, Flag, SosStage, Trouble, VitalKind } from "../api/types";
import type { KeptState } from "../logic/kept";
import type { SignalLevel } from "../logic/live";

/** One sentence for each name that the daemon speaks. None of them blames, none of them is a diagnosis. */
export const viTerms = {
  kind: {
    "blood-pressure": "Huyết áp",
    oxygen: "Oxy trong máu",
    temperature: "Nhiệt độ",
    "heart-rate": "Nhịp tim",
    weight: "Cân nặng",
    height: "Chiều cao",
    glucose: "Đường huyết",
  } satisfies Record<VitalKind, string>,
  /** What the hand finds in the cabin. */
  device: {
    "blood-pressure": "Vòng quấn bắp tay",
    oxygen: "Kẹp ngón tay",
    temperature: "Nhiệt kế",
    "heart-rate": "Đai cảm biến cẳng tay",
    weight: "Cân đứng",
    height: "Thước đo",
    glucose: "Máy thử giọt máu",
  } satisfies Record<VitalKind, string>,
  prepare: {
    "blood-pressure": {
      title: "Ngồi yên, quấn vòng vào bắp tay",
      steps: [
        "Ngồi tựa lưng, hai bàn chân đặt trên sàn, không bắt chéo chân.",
        "Quấn vòng vào bắp tay trần, trên khuỷu tay hai ngón tay.",
        "Đặt tay lên bàn, ngang tim. Trong lúc đo không nói chuyện.",
      ],
    },
    oxygen: {
      title: "Đưa một ngón tay vào kẹp",
      steps: [
        "Ngón tay khô và ấm, không sơn móng.",
        "Đưa ngón trỏ vào hết kẹp, móng tay hướng lên trên.",
        "Đặt tay lên bàn và giữ yên.",
      ],
    },
    temperature: {
      title: "Lấy nhiệt kế, đưa lên giữa trán",
      steps: [
        "Vén tóc, lau khô trán.",
        "Cầm nhiệt kế cách giữa trán khoảng ba ngón tay.",
        "Bấm nút trên nhiệt kế, giữ yên đến khi có tiếng kêu.",
      ],
    },
    "heart-rate": {
      title: "Đeo đai cảm biến vào cẳng tay",
      steps: [
        "Đeo đai sát da, phía dưới khuỷu tay.",
        "Mặt có đèn áp vào da, dây vừa chặt.",
        "Đặt tay lên bàn và thở đều.",
      ],
    },
    weight: {
      title: "Bước lên cân bằng chân trần",
      steps: [
        "Cởi giày, tất và áo khoác dày.",
        "Đặt hai bàn chân lên hai tấm kim loại.",
        "Đứng thẳng, không vịn, đến khi số đứng yên.",
      ],
    },
    height: {
      title: "Đứng thẳng dưới thước đo",
      steps: [
        "Cởi giày và mũ.",
        "Gót chân, lưng và đầu sát vào tường.",
        "Nhìn thẳng về phía trước và giữ yên.",
      ],
    },
    glucose: {
      title: "Thử một giọt máu ở đầu ngón tay",
      steps: [
        "Rửa và lau khô tay. Lắp que thử mới vào máy.",
        "Bấm kim lấy máu mới vào cạnh đầu ngón tay.",
        "Chạm giọt máu vào đầu que thử. Bỏ kim vào hộp màu vàng.",
      ],
    },
  } satisfies Record<VitalKind, { title: string; steps: [string, string, string] }>,
  trouble: {
    "probe-off": {
      title: "Máy chưa thấy ngón tay",
      next: "Đưa ngón tay vào hết kẹp, giữ yên rồi bấm đo lại.",
    },
    "cuff-loose": {
      title: "Vòng quấn còn lỏng",
      next: "Quấn lại vòng cho vừa khít bắp tay rồi bấm đo lại.",
    },
    "cuff-leak": {
      title: "Vòng quấn bị xì hơi",
      next: "Cắm lại ống hơi, quấn lại vòng rồi bấm đo lại.",
    },
    motion: {
      title: "Máy thấy có cử động",
      next: "Ngồi yên, thả lỏng tay, không nói chuyện rồi bấm đo lại.",
    },
    "no-pulse": {
      title: "Máy chưa bắt được mạch",
      next: "Xoa ấm bàn tay, đặt lại cảm biến rồi bấm đo lại.",
    },
    overpressure: {
      title: "Vòng đã tự xả hơi để an toàn",
      next: "Để tay nghỉ một phút, quấn lại vòng rồi bấm đo lại.",
    },
    "low-battery": {
      title: "Pin của máy sắp hết",
      next: "Hãy bỏ qua mục này. Trạm đã báo kỹ thuật viên thay pin.",
    },
    "timed-out": {
      title: "Lần đo này chưa có kết quả",
      next: "Làm lại theo hình hướng dẫn rồi bấm đo lại.",
    },
    broken: {
      title: "Máy đo này đang hỏng",
      next: "Hãy bỏ qua mục này. Các mục khác vẫn đo được.",
    },
    lost: {
      title: "Trạm bị mất liên lạc với máy đo",
      next: "Để máy gần màn hình, bật lại máy rồi bấm đo lại.",
    },
    silent: {
      title: "Máy đo chưa trả lời",
      next: "Kiểm tra máy đã bật, làm theo hình rồi bấm đo lại.",
    },
    bond: {
      title: "Máy đo cần được ghép nối lại",
      next: "Hãy bỏ qua mục này. Kỹ thuật viên sẽ ghép nối lại máy.",
    },
    radio: {
      title: "Sóng Bluetooth của trạm đang khởi động lại",
      next: "Đợi nửa phút rồi bấm đo lại, hoặc bỏ qua mục này.",
    },
    implausible: {
      title: "Số đo này chưa hợp lý",
      next: "Làm lại theo hình hướng dẫn rồi bấm đo lại.",
    },
    "no-value": {
      title: "Máy đã đo xong nhưng chưa cho số",
      next: "Giữ yên hơn một chút rồi bấm đo lại.",
    },
    "not-recorded": {
      title: "Trạm chưa lưu được kết quả này",
      next: "Số đo vẫn hiện trên màn hình. Có thể chụp lại, rồi đi tiếp.",
    },
  } satisfies Record<Trouble, { title: string; next: string }>,
  flag: {
    motion: "Có cử động trong lúc đo",
    "cuff-loose": "Vòng quấn hơi lỏng",
    "irregular-pulse": "Máy ghi nhận nhịp mạch không đều",
    "pulse-out-of-range": "Mạch nằm ngoài khoảng mà máy đo được",
    "wrong-position": "Tư thế tay chưa đúng",
    "weak-signal": "Tín hiệu yếu",
    divergent: "Các lần đo khác nhau nhiều",
    untimed: "Máy đo không ghi giờ",
    manual: "Tự nhập",
  } satisfies Record<Flag, string>,
  measure: {
    "systolic-pressure": "Số trên",
    "diastolic-pressure": "Số dưới",
    "pulse-rate": "Mạch",
    "oxygen-saturation": "Oxy trong máu",
    "body-temperature": "Nhiệt độ",
    "body-weight": "Cân nặng",
    "body-height": "Chiều cao",
    "body-mass-index": "Chỉ số khối (BMI)",
    "body-fat": "Tỷ lệ mỡ",
    glucose: "Đường huyết",
    "respiration-rate": "nhịp thở",
  },
  unit: {
    "mm[Hg]": "mmHg",
    "/min": "lần/phút",
    "%": "%",
    Cel: "°C",
    kg: "kg",
    cm: "cm",
    "kg/m2": "kg/m²",
    "mmol/L": "mmol/L",
  },
  /** As it is read aloud. */
  spokenUnit: {
    "mm[Hg]": "mi li mét thủy ngân",
    "/min": "lần một phút",
    "%": "phần trăm",
    Cel: "độ C",
    kg: "ki lô gam",
    cm: "xăng ti mét",
    "kg/m2": "",
    "mmol/L": "mi li mon một lít",
  },
  signal: {
    good: "Tín hiệu tốt",
    fair: "Tín hiệu vừa, xin giữ yên",
    weak: "Tín hiệu yếu, đặt lại ngón tay",
    unknown: "Đang tìm tín hiệu",
  } satisfies Record<SignalLevel, string>,
  kept: {
    none: "Không lưu. Kết quả chỉ hiện ở đây và sẽ được xóa khi kết thúc.",
    keep: "Đã lưu 90 ngày, không ghi tên.",
    saving: "Đang lưu vào đĩa của trạm…",
    failed: "Trạm chưa lưu được tất cả. Số đo vẫn hiện ở đây, có thể chụp lại.",
    share: "Đã lưu 90 ngày, không ghi tên, bác sĩ của nền tảng xem được.",
    withdrawn: "Đã rút lại đồng ý. Kết quả đã lưu sẽ được xóa.",
  } satisfies Record<ConsentScope | KeptState, string>,
  sosStage: {
    recorded: { title: "Trạm đã ghi nhận", text: "Tín hiệu SOS đang được gửi đến công an phường." },
    received: { title: "Trung tâm đã nhận được", text: "Đang báo cho cán bộ trực của công an phường." },
    "police-received": {
      title: "Công an phường đã tiếp nhận",
      text: "Cán bộ trực đã nhận tin và đang xử lý.",
    },
    "on-the-way": { title: "Cán bộ đang đến", text: "Hãy ở lại gần trạm nếu nơi này an toàn." },
    "on-scene": { title: "Cán bộ đã có mặt", text: "Hãy tìm cán bộ ở gần trạm." },
    closed: { title: "Vụ việc đã kết thúc", text: "Nếu vẫn cần giúp, hãy bấm SOS lần nữa." },
  } satisfies Record<SosStage, { title: string; text: string }>,
};
