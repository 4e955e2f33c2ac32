import type {
  Menu,
  Option,
  QuestionCard,
  QuestionType,
  ServiceCard,
  Told,
  Ward,
} from "../../../kiosk/api/services.ts";
import billElectricity from "./catalogue/bill-electricity.json" with { type: "json" };
import contactAreaOfficer from "./catalogue/contact-area-officer.json" with { type: "json" };
import menu from "./catalogue/menu.json" with { type: "json" };
import reportCivic from "./catalogue/report-civic.json" with { type: "json" };
import temporaryResidence from "./catalogue/temporary-residence.json" with { type: "json" };

/** A question as the catalogue has it, as far as the mock asks it. */
export interface Asked {
  readonly type: QuestionType;
  readonly id: string;
  readonly text: Told;
  readonly help: Told | null;
  readonly spoken: Told | null;
  readonly optional: boolean;
  readonly personal: boolean;
  readonly when: readonly When[];
  readonly options?: readonly Option[];
  readonly max_length?: number;
  readonly many_lines?: boolean;
  readonly pattern?: string | null;
  readonly hint?: Told | null;
  readonly example?: string | null;
  readonly unit?: Told | null;
  readonly lowest?: number;
  readonly highest?: number;
  readonly span?: QuestionCard["span"];
  readonly years?: number;
}
export interface When {
  readonly question: string;
  readonly is?: unknown;
  readonly in?: readonly unknown[];
  readonly not?: readonly unknown[];
}
export interface Known {
  readonly card: ServiceCard;
  readonly questions: readonly Asked[];
}

/** Real services, as the station sends them; of the others only the name is known here. */
export const KNOWN: Readonly<Record<string, Known>> = {
  "temporary-residence": temporaryResidence as unknown as Known,
  "report-civic": reportCivic as unknown as Known,
  "bill-electricity": billElectricity as unknown as Known,
  "contact-area-officer": contactAreaOfficer as unknown as Known,
};
export const MENU = menu as unknown as Menu;

const ROWS = `27097 Phường Bình Trưng|27112 Phường Cát Lái|27094 Phường An Khánh|26740 Phường Sài Gòn
26743 Phường Bến Thành|26734 Phường Tân Định|26758 Phường Cầu Ông Lãnh|27139 Phường Bàn Cờ|27142 Phường Xuân Hòa
27154 Phường Nhiêu Lộc|27259 Phường Xóm Chiếu|27265 Phường Khánh Hội|27286 Phường Vĩnh Hội|27301 Phường Chợ Quán
27316 Phường An Đông|27343 Phường Chợ Lớn|27367 Phường Bình Tây|27349 Phường Bình Tiên|26905 Phường Bình Lợi Trung
26929 Phường Bình Thạnh|26944 Phường Gia Định|26956 Phường Thạnh Mỹ Tây|26968 Phường Tân Sơn Hòa
27664 Xã Cần Giờ|27673 Xã Bình Khánh|26732 Đặc khu Côn Đảo`;
export const CITY_WARDS: readonly Ward[] = ROWS.split(/[|\n]/).map((row) => ({
  code: row.slice(0, 5),
  name: row.slice(6),
}));
