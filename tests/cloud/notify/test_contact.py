"""Opening the number that somebody left: only ours, only a number, and never said aloud."""

from pathlib import Path

import pyrage
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloud.notify.contact import AgeContacts, ContactError
from wire.entries import MAX_CONTACT_BYTES

PHONE = "+84900000001"


@pytest.fixture
def identity() -> pyrage.x25519.Identity:
    return pyrage.x25519.Identity.generate()


@pytest.fixture
def contacts(identity: pyrage.x25519.Identity, tmp_path: Path) -> AgeContacts:
    path = tmp_path / "messages.key"
    path.write_text(f"# for messages only\n{identity}\n")
    return AgeContacts(path)


def sealed(identity: pyrage.x25519.Identity, content: bytes = PHONE.encode()) -> bytes:
    return pyrage.encrypt(content, [identity.to_public()])


def test_a_number_is_opened(identity: pyrage.x25519.Identity, contacts: AgeContacts) -> None:
    assert contacts.open(sealed(identity)) == PHONE
    assert contacts.open(sealed(identity, b"0900000001")) == "0900000001"
    assert len(sealed(identity)) < MAX_CONTACT_BYTES


def test_what_is_sealed_for_somebody_else_stays_so(contacts: AgeContacts) -> None:
    assert contacts.open(sealed(pyrage.x25519.Identity.generate())) is None


@pytest.mark.parametrize(
    "content", [b"", b"NGUYEN VAN AN", b"113", b"+84 900 000 001", b"0" * 16, b"090\n0000001"]
)
def test_what_is_no_number_is_none(
    identity: pyrage.x25519.Identity, contacts: AgeContacts, content: bytes
) -> None:
    assert contacts.open(sealed(identity, content)) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=MAX_CONTACT_BYTES))
def test_any_bytes_are_a_number_or_none(contacts: AgeContacts, content: bytes) -> None:
    assert contacts.open(content) is None


@pytest.mark.parametrize(
    "content", [b"", b"age1abc", b"two\nlines", b"AGE-SECRET-KEY-1WRONG", b"\xff\xfe" * 50]
)
def test_a_file_without_a_key_is_said_so_without_its_content(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "messages.key"
    path.write_bytes(content)
    with pytest.raises(ContactError) as wrong:
        AgeContacts(path)
    assert "messages.key" in str(wrong.value)
    assert "WRONG" not in str(wrong.value)


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ContactError, match="No such file"):
        AgeContacts(tmp_path / "none.key")
