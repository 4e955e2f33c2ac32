"""The trust store on disk: a directory of the issuing authorities' certificates and revocation lists.

`*.cer`, `*.crt`, `*.der` and `*.pem` are certificates, `*.crl` lists, DER or PEM; everything else is left alone. What they are
worth is decided by edge.idcard.trust.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from edge.errors import EdgeError
from edge.idcard.trust import TrustStore

MAX_FILES: Final = 1_200
MAX_FILE_BYTES: Final = 8 << 20
MAX_ALL_BYTES: Final = 64 << 20
CERTIFICATES: Final = frozenset({".cer", ".crt", ".der", ".pem"})
LISTS: Final = frozenset({".crl"})

_POSITION: Final = re.compile(r"(certificate|revocation list) (\d+): (.*)", re.DOTALL)


class TrustAnchorsError(EdgeError):
    """The directory cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class AnchorFile:
    """One file, by its name in the directory."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Anchors:
    """What a directory holds, and the store that comes of it."""

    certificates: tuple[AnchorFile, ...]
    lists: tuple[AnchorFile, ...]
    store: TrustStore

    @property
    def problems(self) -> tuple[str, ...]:
        """What was left out and why, by the files' names."""
        return tuple(self._named(problem) for problem in self.store.problems)

    def overdue(self, moment: datetime) -> tuple[str, ...]:
        """Return the names of the lists after which, at this moment, a newer one was to come (RFC 5280, 5.1.2.5)."""
        return tuple(one.name for one in self.lists if _is_overdue(one.data, moment))

    def _named(self, problem: str) -> str:
        """Put the file's name in place of the position that the store knows it by."""
        found = _POSITION.fullmatch(problem)
        files = self.lists if found and found[1] == "revocation list" else self.certificates
        at = int(found[2]) - 1 if found else -1
        return f"{files[at].name}: {found[3]}" if found and 0 <= at < len(files) else problem


def load_trust(directory: Path) -> TrustStore:
    """Return the store of a directory; TrustAnchorsError when it cannot be read or nothing in it can be used."""
    return read_anchors(directory).store


def read_anchors(directory: Path) -> Anchors:
    """Read a directory; TrustAnchorsError when it cannot be read or nothing in it can be used."""
    files = list(_files(directory))
    certificates = tuple(one for one in files if _suffix(one) in CERTIFICATES)
    lists = tuple(one for one in files if _suffix(one) in LISTS)
    store = TrustStore.of((one.data for one in certificates), (one.data for one in lists))
    anchors = Anchors(certificates, lists, store)
    if not store.authorities:
        first = anchors.problems[0] if anchors.problems else "it holds no *.cer, *.crt, *.der or *.pem"
        raise TrustAnchorsError(f"{directory}: no authority to trust ({first})")
    return anchors


def _files(directory: Path) -> Iterator[AnchorFile]:
    """Yield what is read, by name."""
    try:
        paths = sorted(path for path in directory.iterdir() if path.suffix.lower() in CERTIFICATES | LISTS)
        if len(paths) > MAX_FILES:
            raise TrustAnchorsError(f"{directory}: more than {MAX_FILES} files")
        left = MAX_ALL_BYTES
        for path in paths:
            data = _data(path)
            left -= len(data)
            if left < 0:
                raise TrustAnchorsError(f"{directory}: more than {MAX_ALL_BYTES} bytes")
            yield AnchorFile(path.name, data)
    except OSError as error:
        raise TrustAnchorsError(f"{error.filename or directory}: {error.strerror}") from error


def _data(path: Path) -> bytes:
    if not path.is_file():
        raise TrustAnchorsError(f"{path}: is no file")
    with path.open("rb") as file:
        data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise TrustAnchorsError(f"{path}: more than {MAX_FILE_BYTES} bytes")
    return data


def _suffix(file: AnchorFile) -> str:
    return Path(file.name).suffix.lower()


def _is_overdue(data: bytes, moment: datetime) -> bool:
    """Tell whether a list says of itself that it is too old; one that is damaged is told among the problems."""
    from cryptography import x509  # noqa: PLC0415 - only who checks a store needs it

    try:
        read = x509.load_pem_x509_crl if b"-----BEGIN " in data else x509.load_der_x509_crl
        next_update = read(data).next_update_utc
    except ValueError:
        return False
    return next_update is not None and next_update < moment
