import type { Ward } from "../../api/services";

/** @returns the text without marks and capitals, so that "binh trung" finds Bình Trưng. */
export const folded = (text: string): string =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d").trim();

/** What wards are called before their name; nobody types it to find one. */
const KIND = /^(?:phuong|xa|dac khu)\s+/;

/** @returns wards that a person may mean: first those whose name begins so, then those that hold it; all when nothing is typed. */
export function matchingWards(wards: readonly Ward[], typed: string, most: number): readonly Ward[] {
  const wanted = folded(typed).replace(KIND, "");
  if (wanted === "") return wards.slice(0, most);
  const named = wards.map((ward) => ({ ward, name: folded(ward.name).replace(KIND, "") }));
  const rank = (name: string) => (name.startsWith(wanted) ? 0 : 1);
  return named
    .filter(({ name }) => name.includes(wanted))
    .sort((one, other) => rank(one.name) - rank(other.name) || one.name.localeCompare(other.name, "vi"))
    .slice(0, most)
    .map(({ ward }) => ward);
}
