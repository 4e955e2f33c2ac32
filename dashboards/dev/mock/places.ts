import type { RosterEntry, Station, Ward } from "../../common/api/types";

/** Invented stations and people. The wards are real ones, so that the map has something to show. */
export const WARDS: readonly Ward[] = [
  { code: "27097", name: "Phường Bình Trưng" },
  { code: "27112", name: "Phường Cát Lái" },
  { code: "27094", name: "Phường An Khánh" },
];

export const PEOPLE: readonly (RosterEntry & { password: string })[] = [
  {
    login: "an",
    name: "Thượng úy Trần Bình An",
    role: "duty_officer",
    wards: ["27097"],
    password: "tram-cong-dan",
  },
  {
    login: "minh",
    name: "Đại úy Lê Quang Minh",
    role: "duty_officer",
    wards: ["27097"],
    password: "tram-cong-dan",
  },
  {
    login: "thao",
    name: "Trung úy Phạm Thị Thanh Thảo",
    role: "city_desk",
    wards: [],
    password: "tram-cong-dan",
  },
  { login: "khoa", name: "Ngô Đăng Khoa", role: "fleet_admin", wards: [], password: "tram-cong-dan" },
  { login: "lan", name: "Vũ Hương Lan", role: "auditor", wards: [], password: "tram-cong-dan" },
];

type Row = readonly [
  id: string,
  name: string,
  ward: number,
  block: string,
  floor: string,
  lat: number,
  lon: number,
];
const ROWS: readonly Row[] = [
  ["dkc-a1-01", "Tòa A1, chung cư Đào Kim Cương", 0, "A1", "Tầng 1, sảnh chính", 10.7842, 106.7639],
  ["dkc-b2-01", "Tòa B2, chung cư Đào Kim Cương", 0, "B2", "Tầng 1, cạnh thang máy", 10.7851, 106.7652],
  ["hsb-01", "Chung cư Hoa Sen Bạc", 0, "C", "Tầng hầm B1", 10.7902, 106.7711],
  [
    "cl-nhvh-03",
    "Nhà văn hóa và sinh hoạt cộng đồng khu phố 3, liên khu chung cư Bến Cát Vàng",
    1,
    "",
    "Tầng 2",
    10.7702,
    106.7859,
  ],
  ["cl-bcv-01", "Chung cư Bến Cát Vàng", 1, "D", "Tầng 1", 10.7688, 106.7822],
  ["ak-ts-01", "Tháp Sao Mai", 2, "Tháp 2", "Tầng 3, hành lang dịch vụ", 10.7871, 106.7402],
];

const LANES = ["sos", "request", "vitals", "event", "telemetry", "blob"] as const;

export function sampleStations(nowMs: number): Station[] {
  return ROWS.map(([id, name, wardIndex, block, floor, lat, lon], index) => {
    const ward = WARDS[wardIndex] as Ward;
    const silent = index === 2;
    return {
      id,
      name,
      ward: ward.code,
      ward_name: ward.name,
      address: `${12 + index * 7} đường số ${9 + index}`,
      block,
      floor,
      lat,
      lon,
      state: silent ? "offline" : index === 5 ? "unknown" : "online",
      seen_at_ms: index === 5 ? null : nowMs - (silent ? 47 * 60_000 : 3_000),
      release: index === 5 ? null : "0.1.0",
      devices: [
        { device: "button-board", state: "ok", seen_at_ms: nowMs - 2_000, detail: null },
        {
          device: "modem",
          state: index === 1 ? "lost" : "ok",
          seen_at_ms: nowMs - 9_000,
          detail: index === 1 ? "no SIM" : null,
        },
      ],
      lanes: LANES.map((lane) => ({
        lane,
        depth: silent && lane === "telemetry" ? 1_840 : 0,
        oldest_age_ms: silent && lane === "telemetry" ? 47 * 60_000 : null,
        aside: 0,
        dropped: 0,
      })),
      problems: silent ? ["offline"] : index === 1 ? ["device-lost"] : [],
    };
  });
}
