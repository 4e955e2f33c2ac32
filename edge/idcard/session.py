"""A chip that is being read: opened, its files read, and opened anew where it turns out to want shorter answers."""

import secrets
from collections.abc import Callable
from typing import Final

from edge.idcard import chip_authentication
from edge.idcard.access import WAYS, Way, open_chip
from edge.idcard.apdu import Command
from edge.idcard.blocks import Blocks
from edge.idcard.card import AccessKey
from edge.idcard.chip_authentication import ChipKey
from edge.idcard.errors import CardError, ClonedError, GarbledError, RefusedError, SilentError
from edge.idcard.exchange import Exchange
from edge.idcard.files import read_file
from edge.idcard.groups import File
from edge.idcard.port import Port

_NOT_ABOUT_LENGTH: Final = frozenset({0x6982, 0x6A82})
"""Security status not satisfied, file not found."""


class Session:
    """One reading of one card. `blocks` outlives it; `rand` gives so many random bytes."""

    def __init__(
        self,
        port: Port,
        key: AccessKey,
        *,
        blocks: Blocks | None = None,
        rand: Callable[[int], bytes] = secrets.token_bytes,
        ways: frozenset[Way] = WAYS,
    ) -> None:
        self.exchange = Exchange(port)
        self.blocks = Blocks() if blocks is None else blocks
        self.rand = rand
        self._key = key
        self._ways = ways
        self._chip_key: ChipKey | None = None

    @property
    def is_unproven(self) -> bool:
        """Whether Chip Authentication still waits for the answer that proves it: the first that its keys open, a refusal too."""
        channel = self.exchange.channel
        return self._chip_key is not None and (channel is None or channel.answers == 0)

    def open(self) -> None:
        """Open the chip as `access.open_chip` says, and repeat the Chip Authentication that was."""
        open_chip(self.exchange, self._key, self.rand, ways=self._ways)
        if self._chip_key is not None:
            self.authenticate(self._chip_key)

    def read(self, file: File) -> bytes:
        """Return a file, as `files.read_file` says; ClonedError when the chip fails the proof that was due.

        When the length of an answer may have been the trouble, the chip is opened anew and asked for less: with the key that it
        just took, which costs no try.
        """
        try:
            return self._read(file)
        except CardError:
            self.blocks.give_up()
            raise

    def authenticate(self, key: ChipKey) -> None:
        """Do Chip Authentication with a key that is verified; what is read next proves it, or `confirm`. ClonedError."""
        try:
            chip_authentication.agree(self.exchange, key, self.rand)
        except (RefusedError, GarbledError) as error:
            raise _cloned() from error
        self._chip_key = key

    def confirm(self) -> None:
        """Have one byte read, as the proof of Chip Authentication; ClonedError when it fails."""
        try:
            self.exchange.send(Command(0x00, 0xB0, 0x80 | File.SOD.sfi, 0x00, le=1))
        except (RefusedError, GarbledError) as error:
            raise _cloned() from error

    def _read(self, file: File) -> bytes:
        while True:
            try:
                data = read_file(self.exchange, file, self.blocks)
            except (RefusedError, GarbledError, SilentError) as error:
                if self.is_unproven and not isinstance(error, SilentError):
                    raise _cloned() from error
                if not self._can_do_with_less(error):
                    raise
            else:
                return data
            self.open()

    def _can_do_with_less(self, error: Exception) -> bool:
        if isinstance(error, RefusedError) and error.sw in _NOT_ABOUT_LENGTH:
            return False
        return self.blocks.step_down(refused=isinstance(error, RefusedError))


def _cloned() -> ClonedError:
    return ClonedError("Chip Authentication: the chip does not have the signed key's other half")
