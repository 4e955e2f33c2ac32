from pathlib import Path

import pytest

from edge.identity.errors import SecretError
from edge.identity.pseudonym import Pseudonyms, load_pseudonyms

KEY = bytes(range(32))
NUMBER = "079203001234"


def test_the_same_number_has_the_same_pseudonym_everywhere_in_the_city() -> None:
    assert Pseudonyms(KEY).of(NUMBER) == Pseudonyms(KEY).of(NUMBER) == "e87e1b83646bff1f55a3f837519a78a7"


def test_another_number_or_another_key_has_another() -> None:
    mine = Pseudonyms(KEY)
    assert len({mine.of(NUMBER), mine.of("079203001235"), Pseudonyms(bytes(32)).of(NUMBER)}) == 3


def test_it_is_built_as_rfc_2104_says_and_not_a_bare_hash() -> None:
    import hashlib  # noqa: PLC0415 - the independent way, spelled out

    padded = KEY.ljust(64, b"\0")
    inner = bytes(byte ^ 0x36 for byte in padded)
    outer = bytes(byte ^ 0x5C for byte in padded)
    message = b"tcds subject 1\0" + NUMBER.encode()
    expected = hashlib.sha256(outer + hashlib.sha256(inner + message).digest()).hexdigest()
    assert Pseudonyms(KEY).of(NUMBER) == expected[:32]


def test_the_key_is_a_file_of_hex_digits(tmp_path: Path) -> None:
    path = tmp_path / "pseudonym.key"
    path.write_text(KEY.hex() + "\n")
    assert load_pseudonyms(path).of(NUMBER) == Pseudonyms(KEY).of(NUMBER)


@pytest.mark.parametrize("content", ["", "no hex", KEY.hex()[:-2], KEY.hex() * 2, "khóa"])
def test_a_file_that_holds_no_key_is_named_and_its_content_is_not(tmp_path: Path, content: str) -> None:
    path = tmp_path / "pseudonym.key"
    path.write_text(content)
    with pytest.raises(SecretError) as refused:
        load_pseudonyms(path)
    assert str(path) in str(refused.value)
    assert not content or content not in str(refused.value).replace(str(path), "")


def test_a_key_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SecretError, match="No such file"):
        load_pseudonyms(tmp_path / "none")
