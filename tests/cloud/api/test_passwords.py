"""Passwords are hashed the way OWASP asks, and nobody learns which logins exist."""

from typing import Literal

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from cloud.api import passwords
from cloud.api.passwords import hash_password, is_outdated, verify_password

RIGHT = "đúng mật khẩu 1"


def test_the_right_password_and_no_other() -> None:
    stored = hash_password(RIGHT)
    assert verify_password(stored, RIGHT)
    assert not verify_password(stored, RIGHT + " ")
    assert stored != hash_password(RIGHT)


def test_the_parameters_are_owasps() -> None:
    parameters = extract_parameters(hash_password(RIGHT))
    assert parameters.type is Type.ID
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (19_456, 2, 1)


@pytest.mark.parametrize("password", ["", "short", "x" * 201])
def test_too_short_or_too_long(password: str) -> None:
    with pytest.raises(ValueError, match="10 to 200"):
        hash_password(password)


def test_nobody_has_no_password() -> None:
    for password in ("", "nobody", RIGHT):
        assert not verify_password(None, password)


@pytest.mark.parametrize("stored", ["", "plain", "$argon2id$v=19$m=1,t=1,p=1$x$y"])
def test_a_broken_hash_is_never_right(stored: str) -> None:
    assert not verify_password(stored or "x", RIGHT)


def test_an_unknown_login_is_hashed_for_as_a_known_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work is in the parameters of the hash that is compared with: nobody's has those of everybody's."""
    stored, compared = hash_password(RIGHT), []

    class Noting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002  # the library's name
            compared.append(str(hash))
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_HASHER", Noting())
    for candidate in (stored, None):
        assert not verify_password(candidate, "wrong password")
    known, unknown = compared
    assert extract_parameters(known) == extract_parameters(unknown)


def test_an_old_hash_is_recognised() -> None:
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(RIGHT))
    assert not is_outdated(hash_password(RIGHT))
