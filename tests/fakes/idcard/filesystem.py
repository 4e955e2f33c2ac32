"""SELECT and READ BINARY (ISO/IEC 7816-4, 7.1.1 and 7.2.3; ICAO Doc 9303-10, 3.6)."""

from collections.abc import Mapping
from typing import Final

from edge.idcard.groups import AID
from tests.fakes.idcard import ber
from tests.fakes.idcard.apdus import DONE, EXTENDED_LIMIT, SHORT_LIMIT, Command, RefusedError
from tests.fakes.idcard.manners import Answers, Manners

CARD_ACCESS: Final = 0x011C
DG3: Final = 0x0103
NO_SUCH_COMMAND: Final = 0x6D00
NOT_FOUND: Final = 0x6A82
NOT_PERMITTED: Final = 0x6982
NOTHING_SELECTED: Final = 0x6986
OUTSIDE: Final = 0x6B00
WRONG_PARAMETERS: Final = 0x6A86
WRONG_LENGTH: Final = 0x6700
_BY_FID: Final = (0x00, 0x02)
_BY_AID: Final = 0x04


class FileSystem:
    """EF.CardAccess in the master file, everything else in the application; its files want a session."""

    def __init__(self, files: Mapping[int, bytes], card_access: bytes | None, manners: Manners) -> None:
        self._files = files
        self._card_access = card_access
        self._manners = manners
        self.in_application = False
        self._current: int | None = None

    def leave(self) -> None:
        """Back to the master file."""
        self.in_application = False
        self._current = None

    def select(self, command: Command, *, secured: bool) -> None:
        """The application by its AID, or a file by its identifier; Vietnamese cards do not know the master file's."""
        if command.p1 == _BY_AID:
            self._select_application(command.data)
            return
        if command.p1 not in _BY_FID:
            raise RefusedError(WRONG_PARAMETERS)
        fid = int.from_bytes(command.data)
        if fid == 0x3F00 or len(command.data) != 2:
            raise RefusedError(NO_SUCH_COMMAND)
        self._content(fid, secured=secured)
        self._current = fid

    def read(self, command: Command, room: int, *, secured: bool) -> tuple[bytes, int]:
        """Data and status word; at most `room` octets."""
        odd = bool(command.ins & 1)
        fid, offset = self._addressed_odd(command) if odd else self._addressed(command)
        content = self._content(fid, secured=secured)
        self._current = fid
        wanted = command.expected
        if wanted is None:
            raise RefusedError(WRONG_LENGTH)
        if offset >= len(content):
            raise RefusedError(OUTSIDE)
        rest = len(content) - offset
        overhead = 6 if odd else 0
        at_most = min(wanted, room, self._manners.largest_read) - overhead
        ends_early = wanted > rest and wanted not in {SHORT_LIMIT, EXTENDED_LIMIT}
        sw = self._beyond(rest) if ends_early else DONE
        data = content[offset : offset + max(at_most, 1)]
        return (ber.tlv(0x53, data) if odd else data), sw

    def _beyond(self, rest: int) -> int:
        if self._manners.answers is Answers.PROTECTED_EXACT_LE and rest < SHORT_LIMIT:
            raise RefusedError(0x6C00 | rest)
        return self._manners.at_end.value

    def _select_application(self, aid: bytes) -> None:
        if aid != AID:
            raise RefusedError(NOT_FOUND)
        self.in_application = True
        self._current = None

    def _addressed(self, command: Command) -> tuple[int, int]:
        if command.p1 & 0x80:
            return 0x0100 | command.p1 & 0x1F, command.p2
        return self._selected(), command.p1p2

    def _addressed_odd(self, command: Command) -> tuple[int, int]:
        """B1: P1 P2 is a short identifier or 0, the offset is a data object 54."""
        offset = int.from_bytes(ber.value_of(0x54, command.data))
        return (0x0100 | command.p1p2 & 0x1F if command.p1p2 else self._selected()), offset

    def _selected(self) -> int:
        if self._current is None:
            raise RefusedError(NOTHING_SELECTED)
        return self._current

    def _content(self, fid: int, *, secured: bool) -> bytes:
        """What the file holds; RefusedError when it is not there, or not for this terminal."""
        if fid == CARD_ACCESS and self._card_access is not None:
            return self._card_access
        if not self.in_application:
            raise RefusedError(NOT_FOUND)
        if not secured or (fid == DG3 and fid in self._files):
            raise RefusedError(NOT_PERMITTED)
        if fid not in self._files:
            raise RefusedError(NOT_FOUND)
        return self._files[fid]
