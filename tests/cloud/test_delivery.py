"""Handing over: whole files or none, nothing lost when it is interrupted, and only the recipient reads what is in them."""

import errno
import fcntl
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import msgspec
import pyrage
import pytest

from cloud import delivery as delivery_module
from cloud.delivery import ACTION, DeliveryError, deliver
from cloud.ingest.commit import commit_group
from cloud.ingest.intake import sort_arrivals
from cloud.sos.plan import Plan
from cloud.store import audit, identities
from cloud.store.engine import Store
from cloud.store.identities import Tally
from tests.cloud.ingest.samples import arrival, batch
from tests.cloud.samples import NOW_MS, STATION
from tests.cloud.sharing import KEEP_MS, PURPOSE, RECIPIENT, SHARE, agreed, sealed, send, shared
from wire.entries import CloneCheck, IssuerCheck
from wire.topics import Lane


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder beside the database."""
    path = tmp_path / "out"
    path.mkdir()
    return path


def handed_over(store: Store, out: Path, recipient: str = RECIPIENT, now_ms: int = NOW_MS) -> int:
    return deliver(store, recipient, out, actor="operator", now_ms=now_ms)


def names(out: Path) -> list[str]:
    return sorted(path.name for path in out.iterdir())


def tally(store: Store) -> list[Tally]:
    with store.reading() as connection:
        return identities.tally(connection, NOW_MS)


def audited(store: Store) -> list[tuple[str, str, str, dict[str, Any]]]:
    with store.reading() as connection:
        return [
            (row.actor, row.action, row.subject, msgspec.json.decode(row.detail))
            for row in audit.entries(connection, 0, 100)
        ]


def test_a_share_becomes_its_sealed_file_and_a_slip(store: Store, out: Path) -> None:
    send(store, agreed(), shared(issuer=IssuerCheck.NOT_CHECKED, clone_check=CloneCheck.NOT_SUPPORTED))
    assert handed_over(store, out) == 1
    assert names(out) == [f"{SHARE}.age", f"{SHARE}.json"]
    assert (out / f"{SHARE}.age").read_bytes() == sealed()
    assert json.loads((out / f"{SHARE}.json").read_text()) == {
        "v": 1,
        "share": SHARE,
        "station": STATION,
        "purpose": PURPOSE,
        "text_version": "2026-11.send",
        "recipient": RECIPIENT,
        "fields": ["number", "name", "birth"],
        "issuer": "not-checked",
        "clone_check": "not-supported",
        "shared_at_ms": NOW_MS + 1_000,
        "received_at_ms": NOW_MS,
        "sealed_sha256": hashlib.sha256(sealed()).hexdigest(),
    }
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600}


def test_a_folder_that_is_not_there_is_made_for_oneself_alone(store: Store, out: Path) -> None:
    send(store, shared())
    assert handed_over(store, out / "new") == 1
    assert len(names(out / "new")) == 2
    assert (out / "new").stat().st_mode & 0o777 == 0o700


def test_only_the_recipients_key_opens_what_went_the_whole_way(store: Store, out: Path) -> None:
    clinic, stranger = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    told = b'{"name":"NGUYEN VAN AN","number":"079203001234"}'
    body = shared(sealed=pyrage.encrypt(told, [clinic.to_public()]), recipient="clinic")
    group = sort_arrivals([arrival(Lane.REQUEST, batch(Lane.REQUEST, {1: agreed(), 2: body}))])
    with store.writing() as connection:
        commit_group(
            connection, group, now_ms=NOW_MS, plan=Plan(), keep_vitals_ms=KEEP_MS, keep_shares_ms=KEEP_MS
        )
    assert handed_over(store, out, "clinic") == 1
    content = (out / f"{SHARE}.age").read_bytes()
    assert pyrage.decrypt(content, [clinic]) == told
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(content, [stranger])
    assert "NGUYEN" not in (out / f"{SHARE}.json").read_text()


def test_each_is_handed_over_once_and_then_only_what_is_new(store: Store, out: Path) -> None:
    send(store, shared(1), shared(2))
    assert handed_over(store, out) == 2
    assert handed_over(store, out / "again") == 0
    assert names(out / "again") == []
    send(store, shared(3))
    assert handed_over(store, out / "again") == 1
    assert names(out / "again") == [f"{3:032x}.age", f"{3:032x}.json"]
    assert tally(store) == [Tally(RECIPIENT, 0, 3, 0)]


def test_what_is_anothers_or_past_its_time_stays(store: Store, out: Path) -> None:
    send(store, shared(1, recipient="clinic"), shared(2))
    assert handed_over(store, out, "clinic") == 1
    assert handed_over(store, out / "late", now_ms=NOW_MS + KEEP_MS) == 0
    assert names(out) == [f"{1:032x}.age", f"{1:032x}.json", "late"]


def test_many_go_in_pages(store: Store, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery_module, "_PAGE", 2)
    send(store, *(shared(number) for number in range(5)))
    assert handed_over(store, out) == 5
    assert len(names(out)) == 10
    assert audited(store) == [
        ("operator", ACTION, RECIPIENT, {"waiting": 5}),
        ("operator", "identity.fetched", RECIPIENT, {"shares": 2}),
        ("operator", "identity.fetched", RECIPIENT, {"shares": 2}),
        ("operator", "identity.fetched", RECIPIENT, {"shares": 1}),
    ]


def test_it_is_audited_before_the_first_byte_and_marked_after_the_last(
    store: Store, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(store, shared())
    synced: list[bool] = []
    real = os.fsync

    def watch(descriptor: int) -> None:
        assert [action for _, action, _, _ in audited(store)] == [ACTION]
        assert tally(store) == [Tally(RECIPIENT, 1, 0, 0)]
        synced.append(os.path.isdir(f"/proc/self/fd/{descriptor}"))  # noqa: PTH112  # not a path of ours
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watch)
    assert handed_over(store, out) == 1
    assert synced == [False, False, True], "both files, then the folder that holds their names"


@pytest.mark.parametrize("step", range(5))
def test_an_interruption_at_any_step_loses_nothing(
    store: Store, out: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """The disk fills up at one of two files' fsync, their renames or the folder's fsync; then there is room again."""
    send(store, shared())
    left = [step]

    def failing(name: str) -> Any:
        real = getattr(os, name)

        def call(*arguments: Any, **options: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*arguments, **options)

        return call

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", failing("fsync"))
        patched.setattr(os, "rename", failing("rename"))
        with pytest.raises(DeliveryError, match=r"--out: .*: No space left"):
            handed_over(store, out)
    for path in out.iterdir():
        assert path.suffix in {".age", ".json"}, "no part is left"
        if path.suffix == ".age":
            assert path.read_bytes() == sealed(), "what has its name is whole"
    assert tally(store) == [Tally(RECIPIENT, 1, 0, 0)]
    assert handed_over(store, out) == 1
    assert names(out) == [f"{SHARE}.age", f"{SHARE}.json"]
    assert tally(store) == [Tally(RECIPIENT, 0, 1, 0)]


def test_what_is_marked_while_it_is_written_is_handed_over_all_the_same(
    store: Store, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two operators, two folders: twice is no harm, not at all would be."""
    send(store, shared())
    real = delivery_module._write_all

    def overtaken(folder: int, page: list[identities.Share]) -> None:
        monkeypatch.setattr(delivery_module, "_write_all", real)
        assert handed_over(store, out / "other") == 1
        real(folder, page)

    monkeypatch.setattr(delivery_module, "_write_all", overtaken)
    assert handed_over(store, out / "own") == 1
    assert names(out / "own") == names(out / "other")
    assert tally(store) == [Tally(RECIPIENT, 0, 1, 0)]


def test_parts_that_a_power_cut_left_and_files_of_the_same_share_are_replaced(
    store: Store, out: Path
) -> None:
    send(store, shared())
    (out / f".{SHARE}.age.part").write_bytes(bytes(10_000))
    (out / f"{SHARE}.age").write_bytes(b"half")
    assert handed_over(store, out) == 1
    assert names(out) == [f"{SHARE}.age", f"{SHARE}.json"]
    assert (out / f"{SHARE}.age").read_bytes() == sealed()


def test_a_link_that_somebody_laid_out_is_not_followed(store: Store, out: Path) -> None:
    send(store, shared())
    victim = out.with_name("victim")
    victim.write_text("somebody's", encoding="utf-8")
    (out / f".{SHARE}.age.part").symlink_to(victim)
    (out / f"{SHARE}.json").symlink_to(victim)
    with pytest.raises(DeliveryError, match="--out"):
        handed_over(store, out)
    assert handed_over(store, out) == 1, "the planted part was removed"
    assert victim.read_text(encoding="utf-8") == "somebody's"
    assert not (out / f"{SHARE}.json").is_symlink()


def test_two_deliveries_do_not_write_into_one_folder(store: Store, out: Path) -> None:
    send(store, shared())
    folder = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        with pytest.raises(DeliveryError, match="another export writes there now"):
            handed_over(store, out)
    finally:
        os.close(folder)
    assert audited(store) == [], "nothing was begun"
    assert handed_over(store, out) == 1


def test_a_folder_that_cannot_be_is_told(store: Store, out: Path) -> None:
    send(store, shared())
    file = out / "file"
    file.touch()
    with pytest.raises(DeliveryError, match=r"--out: .*: Not a directory"):
        handed_over(store, file)
    with pytest.raises(DeliveryError, match=r"--out: .*: No such file or directory"):
        handed_over(store, out / "none" / "below")
    assert tally(store) == [Tally(RECIPIENT, 1, 0, 0)]


def test_a_recipient_that_nothing_was_sent_to_is_told_with_those_that_are_known(
    store: Store, out: Path
) -> None:
    with pytest.raises(DeliveryError, match=r"--recipient: .*; known: nobody yet"):
        handed_over(store, out / "new")
    send(store, shared(1), shared(2, recipient="clinic"))
    with pytest.raises(DeliveryError, match="known: clinic, ward-police"):
        handed_over(store, out / "new", "ward-polic")
    assert names(out) == []
    assert audited(store) == []
