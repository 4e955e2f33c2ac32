"""The chip's side of Basic Access Control (ICAO Doc 9303-11, 4.3)."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Final

from tests.fakes.idcard.apdus import Command, RefusedError
from tests.fakes.idcard.channel import Channel
from tests.fakes.idcard.keys import FOR_ENCRYPTION, FOR_MAC, Suite
from tests.fakes.idcard.tries import Tries

DES: Final = Suite.TRIPLE_DES
NOT_AUTHENTIC: Final = 0x6300
NOT_ALLOWED: Final = 0x6985
WRONG_LENGTH: Final = 0x6700


class Bac:
    """GET CHALLENGE, then EXTERNAL AUTHENTICATE."""

    def __init__(self, mrz_information: str, tries: Tries, rand: Callable[[int], bytes]) -> None:
        seed = hashlib.sha1(mrz_information.encode()).digest()[:16]
        self.key_enc = DES.derive(seed, FOR_ENCRYPTION)
        self.key_mac = DES.derive(seed, FOR_MAC)
        self._tries = tries
        self._rand = rand
        self._challenge: bytes | None = None

    def forget(self) -> None:
        """A challenge is good for the next command only."""
        self._challenge = None

    def challenge(self, command: Command) -> bytes:
        if command.expected not in {8, 256}:
            raise RefusedError(WRONG_LENGTH)
        self._challenge = self._rand(8)
        return self._challenge

    def authenticate(self, command: Command) -> tuple[bytes, Channel]:
        """The chip's half of the secret, encrypted, and the session that both halves make."""
        challenge, self._challenge = self._challenge, None
        if challenge is None:
            raise RefusedError(NOT_ALLOWED)
        if len(command.data) != 40:
            raise RefusedError(WRONG_LENGTH)
        self._tries.check()
        rnd_ifd, k_ifd = self._opened(command.data, challenge)
        self._tries.was_right()
        k_ic = self._rand(16)
        answer = DES.encrypt(self.key_enc, challenge + rnd_ifd + k_ic)
        secret = bytes(one ^ other for one, other in zip(k_ifd, k_ic, strict=True))
        session = Channel(DES, secret, challenge[4:] + rnd_ifd[4:])
        return answer + DES.mac(self.key_mac, answer), session

    def _opened(self, data: bytes, challenge: bytes) -> tuple[bytes, bytes]:
        encrypted, checksum = data[:32], data[32:]
        token = DES.decrypt(self.key_enc, encrypted)
        right = hmac.compare_digest(DES.mac(self.key_mac, encrypted), checksum) and token[8:16] == challenge
        if not right:
            self._tries.was_wrong()
            raise RefusedError(NOT_AUTHENTIC)
        return token[:8], token[16:]
