import type { Look } from "../../common/theme";
import type { Reach } from "../state/ease.svelte";

/** How the screen is made easier to see and to reach, and how it is wiped. */
export const viEase = {
  ease: {
    title: "Dễ nhìn, dễ bấm",
    text: "Chạm để chọn, màn hình đổi ngay. Tự trở lại như cũ cho người sau.",
    looks: "Màu chữ và màu nền",
    look: {
      day: "Nền sáng",
      night: "Nền tối",
      "black-on-white": "Chữ đen, nền trắng",
      "white-on-black": "Chữ trắng, nền đen",
      "yellow-on-black": "Chữ vàng, nền đen",
    } satisfies Record<Look, string>,
    letters: "Cỡ chữ",
    usual: "Vừa",
    elder: "To và chờ lâu hơn",
    reaches: "Chỗ bấm",
    reach: {
      whole: "Cả màn hình",
      "low-right": "Tầm thấp, tay phải",
      "low-left": "Tầm thấp, tay trái",
    } satisfies Record<Reach, string>,
    reset: "Trở lại như cũ",
    done: "Xong",
  },
  wipe: {
    title: "Lau màn hình?",
    text: "Trong 30 giây, chạm vào màn hình sẽ không có tác dụng, kể cả nút SOS trên màn hình. Nút SOS màu đỏ gắn trên trạm vẫn hoạt động.",
    yes: "Bắt đầu lau, 30 giây",
    no: "Thôi",
  },
  cleaning: {
    title: "Đang lau màn hình",
    seconds: "giây nữa màn hình dùng lại được",
    text: "Lúc này chạm vào màn hình không có tác dụng.",
    sos: "Cần giúp ngay: nhấn nút SOS màu đỏ gắn trên trạm, nút này vẫn hoạt động.",
  },
};
