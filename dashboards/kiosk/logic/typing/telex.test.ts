import { describe, expect, it } from "vitest";
import { telex } from "./telex";
import { isTypedKey, isUpper, typed, type Typing } from "./typed";

const word = (keys: string): string => [...keys].reduce((before, key) => telex(before, key), "");

const TEXT: Typing = { isTelex: true, case: "sentences", max: 100 };
const line = (keys: string, typing: Typing = TEXT): string =>
  [...keys].reduce((before, key) => typed(before, key, typing), { text: "", caret: 0 }).text;

describe("Telex", () => {
  it.each([
    ["aa", "â"],
    ["aw", "ă"],
    ["dd", "đ"],
    ["ee", "ê"],
    ["oo", "ô"],
    ["ow", "ơ"],
    ["uw", "ư"],
    ["as", "á"],
    ["af", "à"],
    ["ar", "ả"],
    ["ax", "ã"],
    ["aj", "ạ"],
    ["asz", "a"],
    ["z", "z"],
    ["w", "w"],
    ["DD", "Đ"],
    ["Dd", "Đ"],
  ])("%s is %s", (keys, expected) => {
    expect(word(keys)).toBe(expected);
  });

  it.each([
    ["tieengs", "tiếng"],
    ["tiengse", "tiếng"],
    ["Vieetj", "Việt"],
    ["Nguyeenx", "Nguyễn"],
    ["nguyenxe", "nguyễn"],
    ["dduwowngf", "đường"],
    ["dduongwf", "đường"],
    ["nguwowif", "người"],
    ["nguoiwf", "người"],
    ["ruouwj", "rượu"],
    ["thuowr", "thuở"],
    ["thuowng", "thương"],
    ["quowf", "quờ"],
    ["muaw", "mưa"],
    ["muwa", "mưa"],
    ["luuw", "lưu"],
    ["huwux", "hữu"],
    ["guiwr", "gửi"],
    ["toio", "tôi"],
    ["toois", "tối"],
    ["dauaf", "dầu"],
    ["dayaj", "dậy"],
    ["yeue", "yêu"],
    ["hoawcj", "hoặc"],
    ["xoawn", "xoăn"],
    ["quangw", "quăng"],
    ["Trungw", "Trưng"],
    ["ddawks", "đắk"],
    ["huyeenj", "huyện"],
    ["nghieeng", "nghiêng"],
    ["khuyur", "khuỷu"],
  ])("%s is %s", (keys, expected) => {
    expect(word(keys)).toBe(expected);
  });

  it.each([
    ["hoaf", "hòa"],
    ["thuyr", "thủy"],
    ["khoer", "khỏe"],
    ["hoanf", "hoàn"],
    ["hoafn", "hoàn"],
    ["huynhf", "huỳnh"],
    ["ngoaif", "ngoài"],
    ["muaf", "mùa"],
    ["muwaf", "mừa"],
    ["cais", "cái"],
    ["quys", "quý"],
    ["quar", "quả"],
    ["gias", "giá"],
    ["gif", "gì"],
    ["gifn", "gìn"],
    ["giuwx", "giữ"],
    ["gieengs", "giếng"],
  ])("puts the tone in the older way: %s is %s", (keys, expected) => {
    expect(word(keys)).toBe(expected);
  });

  it.each([
    ["aaa", "aa"],
    ["aww", "aw"],
    ["ddd", "dd"],
    ["DDd", "Dd"],
    ["ass", "as"],
    ["awws", "aws"],
    ["uoww", "uow"],
    ["thuongww", "thuongw"],
    ["tieengss", "tiêngs"],
    ["tesst", "test"],
    ["hoaff", "hoaf"],
  ])("takes itself back when a key is typed twice: %s is %s", (keys, expected) => {
    expect(word(keys)).toBe(expected);
  });

  it.each([
    ["aas", "ấ"],
    ["asa", "ấ"],
    ["asf", "à"],
    ["ooww", "ow"],
    ["oow", "ơ"],
    ["aaw", "ă"],
    ["awa", "â"],
  ])("lets the last key win: %s is %s", (keys, expected) => {
    expect(word(keys)).toBe(expected);
  });

  it.each(["Wi", "brbr", "x", "Ele"])("leaves %s alone", (keys) => {
    expect(word(keys)).toBe(keys);
  });

  it("leaves what is no syllable as it was typed from there on", () => {
    expect(word("bananas")).not.toMatch(/\u0301/);
    expect(word("videos")).toBe("videos");
    expect(word("landmarks")).toBe("landmarks");
  });

  it("writes composed characters, one to each letter, whatever is typed", () => {
    const keys = "aeiouydwsfrxjzqghntc";
    let seed = 7;
    for (let round = 0; round < 500; round += 1) {
      let text = "";
      for (let at = 0; at < 9; at += 1) {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
        const before = text;
        text = telex(text, keys[seed % keys.length] ?? "a");
        expect(text).toBe(text.normalize("NFC"));
        expect(Math.abs([...text].length - [...before].length)).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe("typing", () => {
  it("capitalises every word of a name and the beginning of a sentence", () => {
    const names: Typing = { ...TEXT, case: "names" };
    expect(line("nguyeenx vawn an", names)).toBe("Nguyễn Văn An");
    expect(line("ddawngj thij maif-lan", names)).toBe("Đặng Thị Mài-Lan");
    expect(line("nhaf toois. ddeefn hunwg")).toBe("Nhà tối. Đền hưng");
    expect([isUpper("", "sentences"), isUpper("a", "sentences")]).toEqual([true, false]);
  });

  it("makes capitals of everything in a code, and nothing of its letters", () => {
    const code: Typing = { isTelex: false, case: "capitals", max: 13 };
    expect(line("pe01000123456", code)).toBe("PE01000123456");
    expect(line("pe010001234567", code)).toBe("PE01000123456");
  });

  it("is Latin where Telex is off", () => {
    expect(line("aas ddoo", { ...TEXT, isTelex: false })).toBe("Aas ddoo");
  });

  it("types and erases at the caret, whole letters only", () => {
    const middle = typed({ text: "Hoa Binh", caret: 3 }, "f", TEXT);
    expect(middle).toEqual({ text: "Hòa Binh", caret: 3 });
    expect(typed(middle, "Backspace", TEXT)).toEqual({ text: "Hò Binh", caret: 2 });
    expect(typed({ text: "", caret: 0 }, "Backspace", TEXT)).toEqual({ text: "", caret: 0 });
  });

  it("breaks a line, and types no more than there is room for", () => {
    expect(typed({ text: "a", caret: 1 }, "Enter", TEXT)).toEqual({ text: "a\n", caret: 2 });
    const full = { text: "ab", caret: 2 };
    expect(typed(full, "c", { ...TEXT, max: 2 })).toBe(full);
    expect(typed(full, "Backspace", { ...TEXT, max: 2 }).text).toBe("a");
  });

  it("knows a character from the name of a key", () => {
    expect(["a", "đ", "7", " "].every(isTypedKey)).toBe(true);
    expect(["Enter", "Shift", "F1", "", "\n"].some(isTypedKey)).toBe(false);
  });
});
