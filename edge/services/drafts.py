"""Drafts on disk, each sealed with what only its person has: a code, or their card.

scrypt makes a root of that secret and of a salt of this station; the name of the file and the key are two derivations of
the root (RFC 7914; RFC 5869, 2.3), so the disk shows neither, and whoever takes it has to guess the whole secret. The age
of a draft is its file's, by the wall clock: seven days, also while the daemon was off. A clock that is plainly not set
deletes nothing, and of a file from far in the future the week begins anew.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from edge.logs import Log
from edge.services.disk import replace_durably, sync_directory
from edge.services.errors import DamagedDraftError, DraftsError, NoRoomError
from wire.tracking import FIRST_DAY_MS

KEPT_MS: Final = 7 * 86_400_000
MAX_DRAFTS: Final = 200
MAX_DRAFT_BYTES: Final = 32 * 1024
COST: Final = 2**15
"""Of scrypt, with r = 8: 32 MiB and a tenth of a second for each guess."""

_MAGIC: Final = b"tcds draft 1\n"
_SALT_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_PAD_BYTES: Final = 4096
"""The length of a file shall not tell how much was answered."""
_MAX_FILE_BYTES: Final = len(_MAGIC) + _NONCE_BYTES + MAX_DRAFT_BYTES + _PAD_BYTES + 16
_MAX_MEMORY: Final = 128 * 1024 * 1024
_SUFFIX: Final = ".draft"
_log: Final = Log(__name__)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a draft lies, and its key."""

    path: Path
    key: bytes = field(repr=False)


class Drafts:
    """The drafts of one station; `wall_ms` is its clock. Blocking, and safe from any thread. DraftsError: the disk fails."""

    def __init__(self, directory: Path, wall_ms: Callable[[], int], *, cost: int = COST) -> None:
        self._directory = directory
        self._wall_ms = wall_ms
        self._cost = cost
        self._turn = Lock()

    def keep(self, secret: str, document: bytes) -> int:
        """Seal JSON and return until when it is kept (wall time, ms), once the disk has it.

        What the same secret sealed before is replaced. NoRoomError: MAX_DRAFTS are kept, or it is too long.
        """
        if len(document) > MAX_DRAFT_BYTES:
            raise NoRoomError
        with self._turn, _translated():
            self._sweep()
            place = self._place(secret)
            if not place.path.exists() and sum(1 for _ in self._paths()) >= MAX_DRAFTS:
                raise NoRoomError
            replace_durably(place.path, _sealed(place, document))
            return self._stamp(place.path)

    def open(self, secret: str) -> tuple[bytes, int] | None:
        """Return what was sealed with `secret` and until when it is kept; None: nothing is.

        DamagedDraftError: it can no longer be read, and is removed.
        """
        with self._turn, _translated():
            self._sweep()
            if not self._salt_path.exists():
                return None
            place = self._place(secret)
            try:
                with place.path.open("rb") as file:
                    content = file.read(_MAX_FILE_BYTES + 1)
            except FileNotFoundError:
                return None
            try:
                return _opened(place, content), self._until_ms(place.path)
            except (InvalidTag, ValueError):
                self._remove(place.path)
                _log.error("draft damaged, removed")
                raise DamagedDraftError from None

    def forget(self, secret: str) -> None:
        """Delete what was sealed with `secret`, if anything is."""
        with self._turn, _translated():
            if self._salt_path.exists():
                self._remove(self._place(secret).path)

    def sweep(self) -> None:
        """Delete what was kept for its week, and what a power cut left half written."""
        with self._turn, _translated():
            self._sweep()

    def _sweep(self) -> None:
        now_ms = self._wall_ms()
        if now_ms < FIRST_DAY_MS:
            return
        for path in [*self._paths()]:
            age_ms = now_ms + KEPT_MS - self._until_ms(path)
            if age_ms >= KEPT_MS:
                self._remove(path)
            elif age_ms <= -KEPT_MS:
                self._stamp(path)
        for aside in self._directory.glob("*.new"):
            aside.unlink(missing_ok=True)

    def _paths(self) -> Iterator[Path]:
        return self._directory.glob(f"*{_SUFFIX}")

    def _remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        sync_directory(self._directory)

    def _stamp(self, path: Path) -> int:
        """Let the week of a draft begin now; return when it ends."""
        now_ns = self._wall_ms() * 1_000_000
        os.utime(path, ns=(now_ns, now_ns))
        return self._until_ms(path)

    @staticmethod
    def _until_ms(path: Path) -> int:
        return path.stat().st_mtime_ns // 1_000_000 + KEPT_MS

    @property
    def _salt_path(self) -> Path:
        return self._directory / "salt"

    def _place(self, secret: str) -> _Place:
        root = hashlib.scrypt(
            secret.encode(), salt=self._salt(), n=self._cost, r=8, p=1, maxmem=_MAX_MEMORY, dklen=32
        )
        name = hmac.digest(root, b"tcds draft name\1", hashlib.sha256)[:16].hex()
        key = hmac.digest(root, b"tcds draft key\1", hashlib.sha256)
        return _Place(self._directory / f"{name}{_SUFFIX}", key)

    def _salt(self) -> bytes:
        """Return the station's salt; without it, or with another, every draft is unreadable."""
        self._directory.mkdir(mode=0o700, exist_ok=True)
        try:
            salt = self._salt_path.read_bytes()
        except FileNotFoundError:
            salt = b""
        if len(salt) != _SALT_BYTES:
            salt = secrets.token_bytes(_SALT_BYTES)
            replace_durably(self._salt_path, salt)
        return salt


@contextmanager
def _translated() -> Iterator[None]:
    """Within it, an OSError becomes a DraftsError that names no file."""
    try:
        yield
    except OSError as error:
        raise DraftsError(error.strerror or "cannot be written") from error


def _sealed(place: _Place, document: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    padded = document + b" " * (-len(document) % _PAD_BYTES)
    return _MAGIC + nonce + ChaCha20Poly1305(place.key).encrypt(nonce, padded, _MAGIC)


def _opened(place: _Place, content: bytes) -> bytes:
    """Return the document; InvalidTag or ValueError when it is not what was sealed."""
    if not content.startswith(_MAGIC) or len(content) > _MAX_FILE_BYTES:
        raise ValueError("no draft")
    nonce, sealed = content[len(_MAGIC) :][:_NONCE_BYTES], content[len(_MAGIC) + _NONCE_BYTES :]
    return ChaCha20Poly1305(place.key).decrypt(nonce, sealed, _MAGIC)
