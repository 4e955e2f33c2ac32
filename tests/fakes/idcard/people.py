"""Invented citizens. The numbers keep the rules of the real ones; nobody has them."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

UNLIMITED: Final = "Không thời hạn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What a citizen's card says. `number` has twelve digits; names have their diacritics."""

    number: str
    name: str
    birth: date
    sex: str
    issued: date
    expires: date | None
    ethnicity: str = "Kinh"
    religion: str = "Không"
    origin: str = "Phường Mẫu, Quận Mẫu, Thành phố Mẫu"
    residence: str = "1 Đường Thử Nghiệm, Phường Mẫu, Quận Mẫu, Thành phố Mẫu"
    marks: str = "Nốt ruồi cách 1 cm dưới đuôi mắt trái"
    parents: tuple[str, ...] = ("Nguyễn Văn Mẫu", "Trần Thị Thử")
    spouse: str | None = None
    old_number: str | None = None
    card_id: str = "0123456789ABCDEF"

    @property
    def can(self) -> str:
        """The card access number: the last six digits."""
        return self.number[-6:]

    @property
    def document_number(self) -> str:
        """The nine characters of the machine-readable zone: the last nine digits."""
        return self.number[-9:]

    @property
    def mrz_expiry(self) -> date:
        """What the machine-readable zone has for a card without end is not published; this is what is said of it."""
        return self.expires or date(1999, 12, 31)

    @property
    def mrz(self) -> str:
        """The three lines of 30 characters, one after the other (ICAO Doc 9303-5, 4.2; the optional data is Vietnam's)."""
        optional = f"{self.number}<<"
        upper = f"IDVNM{_checked(self.document_number)}{_checked(optional)}"
        sex = {"Nam": "M", "Nữ": "F"}[self.sex]
        born, expires = _checked(f"{self.birth:%y%m%d}"), _checked(f"{self.mrz_expiry:%y%m%d}")
        middle = f"{born}{sex}{expires}VNM" + "<" * 11
        composite = check_digit(upper[5:30] + middle[:7] + middle[8:15] + middle[18:29])
        return upper + middle + composite + latin_name(self.name).ljust(30, "<")[:30]

    @property
    def mrz_information(self) -> str:
        """What BAC and PACE make their key of (ICAO Doc 9303-11, 4.3.2): number, birth and expiry with check digits."""
        return (
            _checked(self.document_number)
            + _checked(f"{self.birth:%y%m%d}")
            + _checked(f"{self.mrz_expiry:%y%m%d}")
        )


def check_digit(text: str) -> str:
    """Weights 7 3 1; a letter counts from 10, the filler 0 (ICAO Doc 9303-3, 4.9)."""
    values = (0 if character == "<" else int(character, 36) for character in text)
    return str(sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10)


def _checked(text: str) -> str:
    return text + check_digit(text)


def latin_name(name: str) -> str:
    """Family name, two fillers, the other names, without diacritics (ICAO Doc 9303-3, 4.6)."""
    letters = unicodedata.normalize("NFD", name.upper().replace("Đ", "D"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    family, *given = plain.split()
    return f"{family}<<{'<'.join(given)}"


AN: Final = Person(
    number="079203001234",
    name="Nguyễn Văn An",
    birth=date(2003, 5, 17),
    sex="Nam",
    issued=date(2021, 8, 15),
    expires=date(2028, 5, 17),
)
BINH: Final = Person(
    number="001158004321",
    name="Trần Thị Bình",
    birth=date(1958, 2, 9),
    sex="Nữ",
    issued=date(2022, 3, 1),
    expires=None,
    ethnicity="Tày",
    religion="Phật giáo",
    spouse="Lê Văn Mẫu",
    old_number="012345678",
    card_id="FEDCBA9876543210",
)
CHAU: Final = Person(
    number="048090007788",
    name="Đặng Hoàng Minh Châu",
    birth=date(1990, 11, 30),
    sex="Nam",
    issued=date(2023, 12, 5),
    expires=date(2030, 11, 30),
    origin="Thôn Mẫu Thượng, Xã Thử Nghiệm Rất Dài, Huyện Ví Dụ, Tỉnh Tưởng Tượng " * 2,
    residence="Số nhà 123/45/6 Ngõ Thử Nghiệm, Đường Không Có Thật, Phường Mẫu, Quận Ví Dụ " * 4,
    marks="Sẹo chấm cách 2 cm trên sau cánh mũi phải",
    parents=("Đặng Hoàng Mẫu",),
    spouse="Phạm Thị Ví Dụ",
)
"""His origin takes more than 127 octets, his residence more than 255."""
PEOPLE: Final = (AN, BINH, CHAU)
