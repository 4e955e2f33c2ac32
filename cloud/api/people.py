"""Keeping accounts from the command line: what may stand in one, and the audit of it."""

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from cloud.api.passwords import hash_password
from cloud.store import accounts, audit
from cloud.store.accounts import Account, Role
from cloud.store.engine import Store
from cloud.store.errors import MissingError

OPERATOR: Final = "operator"
"""The actor of the audit log for whoever has a shell on this machine."""

_LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}[a-z0-9]")
_PHONE: Final = re.compile(r"\+?[0-9]{8,15}")
_NAME: Final = re.compile(r"[^\x00-\x1f\x7f]{1,100}")


class PeopleError(Exception):
    """An account cannot be as it was asked for; the text says what is wrong, not with which value."""


def build_person(
    login: str,
    name: str,
    role: str,
    wards: tuple[str, ...],
    phone: str | None,
    known_wards: Collection[str],
    now_ms: int,
    *,
    desks: tuple[str, ...] = (),
    known_desks: Collection[str] = (),
) -> Account:
    """Return an account that has no password yet; PeopleError says which option is wrong."""
    if _LOGIN.fullmatch(login) is None:
        raise PeopleError("login: 3 to 64 of a-z, 0-9, dot, hyphen and underscore")
    if _NAME.fullmatch(name) is None:
        raise PeopleError("--name: 1 to 100 characters")
    if role not in set(Role):
        raise PeopleError(f"--role: one of {', '.join(Role)}")
    _require_wards(role, wards, known_wards)
    _require_desks(role, desks, known_desks)
    if phone is not None and _PHONE.fullmatch(phone) is None:
        raise PeopleError("--phone: digits, perhaps with a leading +")
    return Account(
        login=login,
        name=name,
        role=Role(role),
        wards=wards,
        phone=phone,
        password_hash="",
        disabled=False,
        created_at_ms=now_ms,
        desks=desks,
    )


def _require_wards(role: str, wards: tuple[str, ...], known: Collection[str]) -> None:
    if not set(wards) <= set(known):
        raise PeopleError("--ward: not in the list of wards")
    if role != Role.DESK_OFFICER and (role == Role.DUTY_OFFICER) is not bool(wards):
        raise PeopleError("--ward: duty officers have at least one, desk officers may, others none")


def _require_desks(role: str, desks: tuple[str, ...], known: Collection[str]) -> None:
    if not set(desks) <= set(known):
        raise PeopleError("--desk: not in the catalogue")
    if (role == Role.DESK_OFFICER) is not bool(desks):
        raise PeopleError("--desk: desk officers have at least one, others none")


def add_person(store: Store, person: Account, password: str, now_ms: int) -> None:
    """Add what `build_person` returned; PeopleError when it is there, or when the password cannot be one."""
    hashed = _hashed(password)
    with store.writing() as connection:
        if accounts.account(connection, person.login) is not None:
            raise PeopleError("login: there is one already")
        accounts.save_account(connection, replace(person, password_hash=hashed))
        detail = {"role": person.role.value, "wards": list(person.wards), "desks": list(person.desks)}
        audit.append(connection, OPERATOR, "account.add", person.login, detail, now_ms)


def set_password(store: Store, login: str, password: str, now_ms: int) -> None:
    """Set a password and end all sessions; PeopleError when there is no such account."""
    hashed = _hashed(password)
    with store.writing() as connection:
        try:
            accounts.set_password_hash(connection, login, hashed)
        except MissingError as error:
            raise PeopleError("login: there is none of this name") from error
        accounts.end_sessions(connection, login)
        audit.append(connection, OPERATOR, "account.password", login, {}, now_ms)


def disable_person(store: Store, login: str, now_ms: int) -> None:
    """Close an account; PeopleError when there is no such account."""
    with store.writing() as connection:
        try:
            accounts.set_disabled(connection, login, disabled=True)
        except MissingError as error:
            raise PeopleError("login: there is none of this name") from error
        audit.append(connection, OPERATOR, "account.disable", login, {}, now_ms)


def list_people(store: Store) -> list[Account]:
    """Return all accounts by login."""
    with store.reading() as connection:
        return accounts.list_accounts(connection)


def _hashed(password: str) -> str:
    try:
        return hash_password(password)
    except ValueError as error:
        raise PeopleError(str(error)) from error
