"""The technician's door: a PIN, a lock after wrong ones, and a session that ends when nobody is there. No HTTP here."""

import asyncio
import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from edge.clock import Clock
from edge.errors import EdgeError
from edge.logs import Log

MAX_WRONG: Final = 5
LOCK_MS: Final = 5 * 60_000
IDLE_MS: Final = 10 * 60_000
MAX_SESSIONS: Final = 2
"""A third login ends the oldest: there is one screen."""
MAX_WAITING: Final = 4
PIN_LENGTHS: Final = range(6, 33)

_SCHEME: Final = "scrypt"
_SALT_BYTES: Final = 16
_KEY_BYTES: Final = 32
_COST: Final = 1 << 14
_BLOCK_SIZE: Final = 8
_TOKEN_BYTES: Final = 32

_log: Final = Log(__name__)


class ServiceError(EdgeError):
    """Root: the technician does not come in."""


class WrongPinError(ServiceError):
    """It is not this PIN."""


class LockedError(ServiceError):
    """Too many wrong ones; the next try is heard in `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"locked for {seconds} s")
        self.seconds = seconds


class UnfitPinError(ServiceError):
    """A new PIN that is too short to withstand guessing, or too long."""


def hash_pin(pin: str) -> str:
    """Return what the settings keep of a PIN: `scrypt$<salt>$<key>` in hex; UnfitPinError."""
    if len(pin) not in PIN_LENGTHS:
        raise UnfitPinError(f"a PIN has {PIN_LENGTHS[0]} to {PIN_LENGTHS[-1]} characters")
    salt = secrets.token_bytes(_SALT_BYTES)
    return f"{_SCHEME}${salt.hex()}${_key(pin, salt).hex()}"


def verify_pin(pin: str, kept: str) -> bool:
    """Tell whether `pin` is the one of `kept` (edge.settings.KioskSettings.service_pin). Takes 50 ms and 16 MiB."""
    _, salt, key = kept.split("$")
    return secrets.compare_digest(_key(pin, bytes.fromhex(salt)), bytes.fromhex(key))


def _key(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=_COST, r=_BLOCK_SIZE, p=1, dklen=_KEY_BYTES)


@dataclass(slots=True)
class _Throttle:
    """Counts wrong PINs, of whomever: the screen knows no persons."""

    wrong: int = 0
    locked_until_ms: int = 0

    def require(self, now_ms: int) -> None:
        if now_ms < self.locked_until_ms:
            raise LockedError(-(-(self.locked_until_ms - now_ms) // 1000))

    def note(self, now_ms: int, *, is_right: bool) -> None:
        self.wrong = 0 if is_right else self.wrong + 1
        if self.wrong >= MAX_WRONG:
            self.wrong = 0
            self.locked_until_ms = now_ms + LOCK_MS


class ServiceDoor:
    """Lets a technician in and remembers him, in memory only: a restart of the daemon ends every session."""

    def __init__(self, kept_pin: str, clock: Clock) -> None:
        self._kept_pin = kept_pin
        self._clock = clock
        self._throttle = _Throttle()
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._sessions: dict[str, int] = {}

    async def login(self, pin: str) -> str:
        """Return a new session's token; WrongPinError, LockedError. One guess is heard at a time."""
        if self._waiting >= MAX_WAITING:
            raise LockedError(1)
        self._waiting += 1
        try:
            async with self._turn:
                await self._check(pin)
        finally:
            self._waiting -= 1
        token = secrets.token_hex(_TOKEN_BYTES)
        self._sessions[_digest(token)] = self._clock.uptime_ms()
        while len(self._sessions) > MAX_SESSIONS:
            del self._sessions[next(iter(self._sessions))]
        _log.info("technician came in")
        return token

    def is_open(self, token: str, *, prolong: bool) -> bool:
        """Tell whether the session goes on. What a page asks by itself does not prolong it, what a person does does."""
        digest, now_ms = _digest(token), self._clock.uptime_ms()
        last_ms = self._sessions.get(digest)
        if last_ms is None:
            return False
        if now_ms - last_ms >= IDLE_MS:
            del self._sessions[digest]
            _log.info("technician's session ended by itself")
            return False
        if prolong:
            self._sessions[digest] = now_ms
        return True

    def logout(self, token: str) -> None:
        """End the session; one that is not there has ended already."""
        if self._sessions.pop(_digest(token), None) is not None:
            _log.info("technician left")

    async def _check(self, pin: str) -> None:
        self._throttle.require(self._clock.uptime_ms())
        is_right = len(pin) in PIN_LENGTHS and await asyncio.to_thread(verify_pin, pin, self._kept_pin)
        self._throttle.note(self._clock.uptime_ms(), is_right=is_right)
        if not is_right:
            _log.warning("wrong service PIN", times=self._throttle.wrong or MAX_WRONG)
            raise WrongPinError("not this PIN")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
