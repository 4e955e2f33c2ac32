"""Sealing, with Debian's `age` as the independent judge of the format."""

import subprocess
from pathlib import Path

import pytest

from edge.sealing import MAX_RECIPIENTS, RecipientsError, load_recipients

DOCUMENT = '{"name":"Nguyễn Văn An"}'.encode()


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the private key of an authority, made by age itself."""
    path = tmp_path_factory.mktemp("authority") / "ward-police.key"
    subprocess.run(["age-keygen", "-o", path], check=True, capture_output=True)
    return path


def public_key(identity: Path) -> str:
    return subprocess.run(
        ["age-keygen", "-y", identity], check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def directory(tmp_path: Path, identity: Path) -> Path:
    (tmp_path / "ward-police.age.pub").write_text(f"# the ward's police\n{public_key(identity)}\n")
    return tmp_path


def test_only_the_recipient_can_open_what_was_sealed(directory: Path, identity: Path, tmp_path: Path) -> None:
    sealed = load_recipients(directory).seal("ward-police", DOCUMENT)
    assert sealed.startswith(b"age-encryption.org/v1\n")
    opened = subprocess.run(
        ["age", "--decrypt", "-i", identity], input=sealed, check=True, capture_output=True
    )
    assert opened.stdout == DOCUMENT
    stranger = tmp_path / "stranger.key"
    subprocess.run(["age-keygen", "-o", stranger], check=True, capture_output=True)
    refused = subprocess.run(
        ["age", "--decrypt", "-i", stranger], input=sealed, check=False, capture_output=True
    )
    assert refused.returncode != 0
    assert refused.stdout == b""


def test_nothing_of_the_document_shows_in_it_and_no_two_are_alike(directory: Path) -> None:
    recipients = load_recipients(directory)
    one, other = (recipients.seal("ward-police", DOCUMENT) for _ in range(2))
    assert "Nguyễn".encode() not in one
    assert one != other


def test_one_flipped_bit_is_noticed(directory: Path, identity: Path) -> None:
    sealed = bytearray(load_recipients(directory).seal("ward-police", DOCUMENT))
    sealed[-1] ^= 1
    opened = subprocess.run(
        ["age", "--decrypt", "-i", identity], input=bytes(sealed), check=False, capture_output=True
    )
    assert opened.returncode != 0


def test_who_has_no_key_here_cannot_be_sent_anything(directory: Path) -> None:
    recipients = load_recipients(directory)
    assert "ward-police" in recipients
    assert "bank" not in recipients


@pytest.mark.parametrize("content", ["", "age1nokey", "AGE-SECRET-KEY-1", "\x00" * 5_000])
def test_a_file_without_a_public_key_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "bank.age.pub").write_text(content)
    with pytest.raises(RecipientsError, match=r"bank\.age\.pub"):
        load_recipients(tmp_path)


def test_a_name_that_the_wire_does_not_know_is_refused(directory: Path, identity: Path) -> None:
    (directory / "Ward Police.age.pub").write_text(public_key(identity))
    with pytest.raises(RecipientsError, match="its name"):
        load_recipients(directory)


def test_a_directory_that_is_none_or_holds_too_many_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecipientsError, match="no directory"):
        load_recipients(tmp_path / "none")
    for number in range(MAX_RECIPIENTS + 1):
        (tmp_path / f"r{number}.age.pub").write_text("")
    with pytest.raises(RecipientsError, match="more than"):
        load_recipients(tmp_path)
