"""The chip's side of PACE, elliptic curves with generic mapping (ICAO Doc 9303-11, 4.4)."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tests.fakes.idcard import ber
from tests.fakes.idcard.apdus import Command, RefusedError
from tests.fakes.idcard.channel import Channel
from tests.fakes.idcard.curves import PARAMETER_IDS, Curve, Point
from tests.fakes.idcard.keys import FOR_MAC, FOR_NONCE, Suite
from tests.fakes.idcard.tries import Tries

MRZ: Final = 1
CAN: Final = 2
ID_PACE_ECDH_GM: Final = "0.4.0.127.0.7.2.2.4.2"
DYNAMIC: Final = 0x7C
PUBLIC_KEY: Final = 0x7F49
NOT_AUTHENTIC: Final = 0x6300
NOT_ALLOWED: Final = 0x6985
WRONG_DATA: Final = 0x6A80
NOT_FOUND: Final = 0x6A88
CHAIN_EXPECTED: Final = 0x6883
CHAINED: Final = 0x10
_TAGS: Final = (0x80, 0x81, 0x83, 0x85)
"""What the terminal's four steps carry; the answer's tag is the next one, except for the first."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Which of the protocol's variants the chip speaks; by default that of Vietnamese cards."""

    suite: Suite = Suite.AES_128
    parameter_id: int = 13

    @property
    def oid(self) -> str:
        return f"{ID_PACE_ECDH_GM}.{self.suite.arc}"

    @property
    def curve(self) -> Curve:
        return PARAMETER_IDS[self.parameter_id]

    @property
    def info(self) -> bytes:
        """PACEInfo (9.2.1), version 2."""
        return ber.sequence(ber.oid(self.oid), ber.integer(2), ber.integer(self.parameter_id))


VIETNAMESE: Final = Profile()


def passwords(mrz_information: str, can: str) -> Mapping[int, bytes]:
    """What the key of the nonce is made of (9.7.3), by the reference that the terminal chooses it with."""
    return {MRZ: hashlib.sha1(mrz_information.encode()).digest(), CAN: can.encode()}


class Pace:
    """MSE:Set AT, then four GENERAL AUTHENTICATE, of which all but the last are chained."""

    def __init__(
        self, profile: Profile, known: Mapping[int, bytes], tries: Tries, rand: Callable[[int], bytes]
    ) -> None:
        self._profile = profile
        self._curve = profile.curve
        self._known = known
        self._tries = tries
        self._rand = rand
        self._run: _Run | None = None

    def forget(self) -> None:
        """Any other command between the steps ends the protocol."""
        self._run = None

    def choose(self, data: bytes) -> None:
        """MSE:Set AT: 80 protocol, 83 password, 84 parameters."""
        self._tries.check()
        wanted = dict(ber.items(data))
        if ber.tlv(0x06, wanted.get(0x80, b"")) != ber.oid(self._profile.oid):
            raise RefusedError(WRONG_DATA)
        password = self._known.get(int.from_bytes(wanted.get(0x83, b"")))
        parameters = wanted.get(0x84, bytes([self._profile.parameter_id]))
        if password is None or parameters != bytes([self._profile.parameter_id]):
            raise RefusedError(NOT_FOUND)
        self._run = _Run(self._profile, password, self._rand)

    def step(self, command: Command) -> tuple[bytes, Channel | None]:
        """The answer to one GENERAL AUTHENTICATE and, after the last, the session; ValueError for wrong data."""
        run, self._run = self._run, None
        if run is None:
            raise RefusedError(NOT_ALLOWED)
        if bool(command.cla & CHAINED) != (run.step < 3):
            raise RefusedError(CHAIN_EXPECTED)
        given = ber.value_of(DYNAMIC, command.data)
        if run.step == 3:
            return self._last(run, ber.value_of(_TAGS[3], given))
        answer = run.advance(ber.value_of(_TAGS[run.step], given) if run.step else given)
        self._run = run
        return ber.tlv(DYNAMIC, answer), None

    def _last(self, run: "_Run", token: bytes) -> tuple[bytes, Channel]:
        session, expected, ours = run.tokens()
        if not hmac.compare_digest(token, expected):
            self._tries.was_wrong()
            raise RefusedError(NOT_AUTHENTIC)
        self._tries.was_right()
        return ber.tlv(DYNAMIC, ber.tlv(0x86, ours)), session


class _Run:
    """One run of the protocol."""

    def __init__(self, profile: Profile, password: bytes, rand: Callable[[int], bytes]) -> None:
        self.step = 0
        self._profile = profile
        self._curve = profile.curve
        self._password = password
        self._rand = rand
        self._nonce = b""
        self._base = self._curve.generator
        self._theirs: Point = self._base
        self._ours: Point = self._base
        self._secret = b""

    def advance(self, given: bytes) -> bytes:
        """The answer's data object to what the terminal gives in one of the first three steps."""
        answer = (self._encrypted_nonce, self._mapped, self._agreed)[self.step](given)
        self.step += 1
        return answer

    def _encrypted_nonce(self, given: bytes) -> bytes:
        if given:
            raise ValueError("nothing is to be given")
        self._nonce = self._rand(16)
        key = self._profile.suite.derive(self._password, FOR_NONCE)
        return ber.tlv(0x80, self._profile.suite.encrypt(key, self._nonce))

    def _mapped(self, given: bytes) -> bytes:
        curve = self._curve
        private = self._private()
        public = curve.times_generator(private)
        shared = curve.times(private, curve.decode(given))
        base = curve.add(curve.times_generator(int.from_bytes(self._nonce)), shared)
        if base is None:
            raise ValueError("the point at infinity")
        self._base = base
        return ber.tlv(0x82, curve.encode(public))

    def _agreed(self, given: bytes) -> bytes:
        self._theirs = self._curve.decode(given)
        private = self._private()
        self._ours = self._curve.times(private, self._base)
        if self._ours == self._theirs:
            raise ValueError("the terminal's key is the chip's own")
        self._secret = self._curve.agree(private, given)
        return ber.tlv(0x84, self._curve.encode(self._ours))

    def tokens(self) -> tuple[Channel, bytes, bytes]:
        """The session, the token that the terminal should give, and the chip's own."""
        suite = self._profile.suite
        key = suite.derive(self._secret, FOR_MAC)
        return (
            Channel(suite, self._secret),
            suite.mac(key, self._public_key_object(self._ours)),
            suite.mac(key, self._public_key_object(self._theirs)),
        )

    def _public_key_object(self, point: Point) -> bytes:
        return ber.tlv(PUBLIC_KEY, ber.oid(self._profile.oid), ber.tlv(0x86, self._curve.encode(point)))

    def _private(self) -> int:
        return int.from_bytes(self._rand(self._curve.octets)) % (self._curve.n - 1) + 1
