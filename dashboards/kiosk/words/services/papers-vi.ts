import type { Verdict } from "../../logic/papers/pixels";

/** Everything about pictures of papers, and of what somebody reports. */
export const vi = {
  scan: {
    take: "Chụp giấy tờ",
    more: "Chụp thêm trang",
    name: (number: number) => `Trang ${number}`,
    title: "Đặt giấy vào giữa khung hình",
    hint: "Để giấy phẳng, đủ sáng, thấy cả bốn góc rồi bấm Chụp.",
    instead: "Không mang theo giấy này thì bấm “Bỏ qua câu này”, rồi mang đến nơi tiếp nhận.",
    missing: "Chưa có gì bị mất. Bấm “Bỏ qua câu này” rồi mang giấy đến nơi tiếp nhận, hoặc thử lại.",
  },
  photo: {
    take: "Chụp ảnh",
    more: "Chụp thêm ảnh",
    name: (number: number) => `Ảnh ${number}`,
    title: "Đưa vật cần chụp vào giữa khung hình",
    hint: "Giữ yên một chút rồi bấm Chụp. Có thể đưa điện thoại đang mở ảnh trước máy.",
    instead: "Không có ảnh cũng được: bấm “Bỏ qua câu này”.",
    missing: "Chưa có gì bị mất. Bấm “Bỏ qua câu này” để đi tiếp không có ảnh, hoặc thử lại.",
  },
  kept: "Ảnh chỉ nằm trong trạm cho đến khi nộp, và được khóa kín: chỉ nơi giải quyết mở được.",
  discard: (name: string) => `Bỏ ${name.toLowerCase()}`,
  full: (most: number) => `Đã đủ ${most} ảnh cho câu này.`,
  camera: "Hình từ máy ảnh",
  opening: "Đang mở máy ảnh…",
  missing: "Máy ảnh chưa dùng được lúc này",
  retry: "Thử lại",
  shoot: "Chụp",
  look: {
    title: "Ảnh này đọc rõ chưa?",
    scanHint: "Kéo bốn góc vào đúng mép giấy nếu cần, bằng ngón tay hoặc phím mũi tên.",
    photoHint: "Chưa rõ thì chụp lại. Chưa có gì được gửi đi.",
    picture: "Ảnh vừa chụp",
    corners: ["Góc trên bên trái", "Góc trên bên phải", "Góc dưới bên phải", "Góc dưới bên trái"],
    again: "Chụp lại",
    use: "Dùng ảnh này",
    verdict: {
      dark: "Ảnh hơi tối, xin để chỗ sáng hơn rồi chụp lại.",
      bright: "Ảnh bị lóa, xin tránh ánh đèn rồi chụp lại.",
      blurry: "Ảnh hơi mờ, xin chụp lại.",
    } satisfies Record<NonNullable<Verdict>, string>,
    anyway: "Nếu vẫn đọc được thì cứ dùng ảnh này.",
  },
  saving: "Đang giữ ảnh…",
  failed: "Chưa làm được. Các ảnh đã chụp vẫn còn. Xin thử lại.",
};

export type PapersWords = typeof vi;
