"""What other systems call their states, as ours.

The words of the national public-service portal are its public ones; systems of provinces and partners use others, so each
connector brings a table of this form. A word that is in no table changes nothing and is told to the operators: a state is
never guessed.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cloud.requests.request import Decision, State

MAX_WORD_LENGTH: Final = 100


@dataclass(frozen=True, slots=True)
class Meaning:
    """A state of ours; `decision` when the word itself says it."""

    state: State
    decision: Decision | None = None


NATIONAL_PORTAL: Final[Mapping[str, Meaning]] = MappingProxyType(
    {
        "Mới đăng ký": Meaning(State.SUBMITTED),
        "Được tiếp nhận": Meaning(State.RECEIVED),
        "Không được tiếp nhận": Meaning(State.REFUSED),
        "Đang xử lý": Meaning(State.PROCESSING),
        "Yêu cầu bổ sung giấy tờ": Meaning(State.SUPPLEMENT_WANTED),
        "Yêu cầu thực hiện nghĩa vụ tài chính": Meaning(State.FEE_WANTED),
        "Công dân yêu cầu rút hồ sơ": Meaning(State.WITHDRAWN),
        "Dừng xử lý": Meaning(State.STOPPED),
        "Đã xử lý xong": Meaning(State.RESULT_READY),
        "Đã trả kết quả": Meaning(State.DELIVERED),
    }
)


class Vocabulary:
    """One system's words; case, blanks and how diacritics are composed make no difference."""

    def __init__(self, words: Mapping[str, Meaning]) -> None:
        self._meanings = {_folded(word): meaning for word, meaning in words.items()}

    def meaning(self, word: str) -> Meaning | None:
        """Return what a word means here; None when nobody has said so."""
        return None if len(word) > MAX_WORD_LENGTH else self._meanings.get(_folded(word))


def _folded(word: str) -> str:
    return " ".join(unicodedata.normalize("NFC", word).casefold().split())
