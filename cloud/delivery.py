"""What people sent from their card, handed over as files: the sealed one as it came, and a slip that says what it is.

A share counts as handed over when its files are on disk, not before: whoever is interrupted begins again and finds the
same files anew. From then on they are the only copy.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

import msgspec

from cloud.store import audit, identities
from cloud.store.engine import Store, take_turn
from cloud.store.identities import Share
from wire.entries import CloneCheck, IssuerCheck

ACTION: Final = "identity.export"
_PAGE: Final = 50


class DeliveryError(Exception):
    """Nothing more can be handed over; the text says why. What was handed over before it stays so."""


class Slip(msgspec.Struct, frozen=True, kw_only=True):
    """`<share>.json`: what `<share>.age` is, and nothing of the person. Both times are ms since 1970 UTC.

    `shared_at_ms` is by the station's clock, which may be wrong, `received_at_ms` by the cloud's. `sealed_sha256` is of
    the sealed file.
    """

    v: Literal[1] = 1
    share: str
    station: str
    purpose: str
    text_version: str
    recipient: str
    fields: tuple[str, ...]
    issuer: IssuerCheck
    clone_check: CloneCheck
    shared_at_ms: int
    received_at_ms: int
    sealed_sha256: str


def deliver(store: Store, recipient: str, directory: Path, *, actor: str, now_ms: int) -> int:
    """Write everything that waits for `recipient` into `directory`, which is made when it is not there.

    Each share becomes `<share>.age` and then `<share>.json`, both whole when they have their names and readable by
    nobody else. Return how many. DeliveryError when nothing was ever sent to such a recipient, another delivery writes
    there, or the directory takes no files.
    """
    with store.reading() as connection:
        waits = _count(identities.tally(connection, now_ms), recipient)
    count = 0
    with _opened(directory) as folder:
        with store.writing() as connection:
            audit.append(connection, actor, ACTION, recipient, {"waiting": waits}, now_ms)
        while page := _page(store, recipient, now_ms):
            _write_all(folder, page)
            with store.writing() as connection:
                take_turn(connection)
                identities.mark_fetched(connection, [each.share for each in page], now_ms)
                audit.append(connection, actor, "identity.fetched", recipient, {"shares": len(page)}, now_ms)
            count += len(page)
    return count


def _count(tallies: list[identities.Tally], recipient: str) -> int:
    for each in tallies:
        if each.recipient == recipient:
            return each.waiting
    known = ", ".join(each.recipient for each in tallies) or "nobody yet"
    raise DeliveryError(f"--recipient: nothing was sent to such a one; known: {known}")


def _page(store: Store, recipient: str, now_ms: int) -> list[Share]:
    with store.reading() as connection:
        return identities.waiting(connection, recipient, now_ms, _PAGE)


@contextmanager
def _opened(directory: Path) -> Iterator[int]:
    """Give the directory as a file descriptor, held so that no other delivery writes there; errors told as our own."""
    try:
        if not directory.exists():
            directory.mkdir(mode=0o700)
            _sync(directory.parent)
        folder = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise DeliveryError(f"--out: {directory}: {error.strerror}") from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield folder
    except BlockingIOError as error:
        raise DeliveryError(f"--out: {directory}: another export writes there now") from error
    except OSError as error:
        raise DeliveryError(f"--out: {directory}: {error.strerror}") from error
    finally:
        os.close(folder)


def _sync(directory: Path) -> None:
    folder = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write_all(folder: int, shares: list[Share]) -> None:
    """Write a page; when this returns, its files and their names survive a power cut."""
    for each in shares:
        _write(folder, f"{each.share}.age", each.sealed)
        _write(folder, f"{each.share}.json", _slip(each))
    os.fsync(folder)


def _write(folder: int, name: str, content: bytes) -> None:
    """Write beside, then rename: what has its name is whole. A part that a power cut left is written over."""
    part = f".{name}.part"
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    try:
        with os.fdopen(os.open(part, flags, 0o600, dir_fd=folder), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.rename(part, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        _remove(folder, part)
        raise


def _remove(folder: int, name: str) -> None:
    try:
        os.unlink(name, dir_fd=folder)
    except FileNotFoundError:
        return


def _slip(share: Share) -> bytes:
    slip = Slip(
        share=share.share,
        station=share.station,
        purpose=share.purpose,
        text_version=share.text_version,
        recipient=share.recipient,
        fields=share.fields,
        issuer=share.issuer,
        clone_check=share.clone_check,
        shared_at_ms=share.shared_at_ms,
        received_at_ms=share.received_at_ms,
        sealed_sha256=hashlib.sha256(share.sealed).hexdigest(),
    )
    return msgspec.json.format(msgspec.json.encode(slip), indent=2) + b"\n"
