"""What the station knows of itself and must find again: its profile, its devices, what it promised to whom.

Small, readable, re-creatable: a JSON file under TinyDB, replaced as a whole so that a power cut leaves the old or the
new one. A damaged file is moved aside and the registry starts empty. Nothing that must not be lost stands here; that
is the journal's.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Annotated, Any, Final, TypeVar

import msgspec
from msgspec import Meta, Struct
from tinydb import TinyDB, where
from tinydb.storages import Storage
from tinydb.table import Document

from edge.logs import Log
from wire.entries import Name, VitalKind
from wire.messages import SosStage

MAX_BYTES: Final = 1 << 20
"""A registry is a few KB; a larger file is damage."""

_log: Final = Log(__name__)
Label = Annotated[str, Meta(max_length=60)]
_ONLY: Final = 1
"""Document id of a table that holds one document."""


class Profile(Struct, frozen=True, kw_only=True):
    """What the cloud said of this station."""

    name: str = ""
    place: str = ""
    block: str = ""
    floor: str = ""


class PairedDevice(Struct, frozen=True, kw_only=True):
    """A device that belongs to this station, under the name that its health is told by.

    `driver` says how to talk to it (`ble`, or a serial protocol), `address` where (Bluetooth address, or a path best
    below /dev/serial/by-id/). `place` is where in the cabin it lies; both dates are calendar days.
    """

    name: Name
    driver: Name
    address: Annotated[str, Meta(max_length=200)]
    kinds: Annotated[list[VitalKind], Meta(max_length=len(VitalKind))] = []
    manufacturer: Label = ""
    model: Label = ""
    serial_number: Label = ""
    place: Label = ""
    calibrated_on: date | None = None
    calibration_due_on: date | None = None

    def is_overdue(self, today: date) -> bool:
        """Tell whether its calibration should have been renewed before `today`."""
        return self.calibration_due_on is not None and self.calibration_due_on < today


class KnownIncident(Struct, frozen=True, kw_only=True):
    """The centre's last word about an incident; `told_at_ms` is wall time."""

    incident: str
    version: int
    stage: SosStage
    told_at_ms: int


class AlarmMemory(Struct, frozen=True, kw_only=True):
    """What the alarm must not forget over a restart; `texted_seq` counts in journal `journal`."""

    journal: str
    texted_seq: int = 0
    incidents: list[KnownIncident] = []


Record = TypeVar("Record", Profile, AlarmMemory)


class AtomicStorage(Storage):
    """TinyDB's storage: the file is written aside, synced, renamed, and its directory synced."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, dict[str, Any]] | None:
        """Return everything, or None when there is no file or only a damaged one, which is moved aside."""
        try:
            with self._path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
            if len(content) > MAX_BYTES:
                raise msgspec.DecodeError("too large")
            return msgspec.json.decode(content, type=dict[str, dict[str, Any]])
        except FileNotFoundError:
            return None
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self._path.replace(self._path.with_suffix(".damaged"))
            _log.error("registry damaged, moved aside")
            return None

    def write(self, data: Mapping[str, Any]) -> None:
        """Replace everything; on disk when it returns. OSError leaves the old content."""
        aside = self._path.with_suffix(".new")
        with aside.open("wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(data)))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self._path)
        directory = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


class Registry:
    """The registry at `path`, shared by the daemon and whoever works at its command line.

    Its methods block for a sync of the disk, and for another process that is writing: call them in a thread. OSError
    when it fails.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._lock_path = path.with_suffix(".lock")
        self._lock = Lock()

    @contextmanager
    def _opened(self) -> Iterator[TinyDB]:
        """Hold the registry alone, as it is on disk now: TinyDB itself remembers what may be another's past."""
        with self._lock, self._lock_path.open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with TinyDB(self._path, storage=AtomicStorage) as database:
                yield database

    @property
    def mark(self) -> tuple[int, int]:
        """Something that is another whenever the file is another; (0, 0) while there is none."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return 0, 0
        return found.st_ino, found.st_mtime_ns

    def profile(self) -> Profile:
        """Return the station's profile, empty before the first one."""
        return self._load("profile", Profile) or Profile()

    def set_profile(self, profile: Profile) -> None:
        """Keep the station's profile."""
        self._save("profile", profile)

    def alarm_memory(self) -> AlarmMemory | None:
        """Return what the alarm last kept."""
        return self._load("alarm", AlarmMemory)

    def set_alarm_memory(self, memory: AlarmMemory) -> None:
        """Keep what the alarm must not forget."""
        self._save("alarm", memory)

    def devices(self) -> list[PairedDevice]:
        """Return all paired devices, by name; one of another release is left out, and logged."""
        with self._opened() as database:
            documents = database.table("devices").all()
        return sorted(filter(None, map(_device, documents)), key=lambda device: device.name)

    def pair(self, device: PairedDevice) -> None:
        """Keep a device, in place of an earlier one of the same name."""
        with self._opened() as database:
            database.table("devices").upsert(msgspec.to_builtins(device), where("name") == device.name)

    def forget_device(self, name: str) -> None:
        """Drop a device; one that is not there is dropped already."""
        with self._opened() as database:
            database.table("devices").remove(where("name") == name)

    def _load(self, table: str, kind: type[Record]) -> Record | None:
        with self._opened() as database:
            document = database.table(table).get(doc_id=_ONLY)
        try:
            return None if document is None else msgspec.convert(document, kind)
        except msgspec.ValidationError:
            _log.error("registry record of another release ignored", table=table)
            return None

    def _save(self, table: str, record: Record) -> None:
        with self._opened() as database:
            database.table(table).upsert(Document(msgspec.to_builtins(record), doc_id=_ONLY))


def _device(document: Document) -> PairedDevice | None:
    try:
        return msgspec.convert(document, PairedDevice)
    except msgspec.ValidationError:
        _log.error("registry record of another release ignored", table="devices")
        return None
