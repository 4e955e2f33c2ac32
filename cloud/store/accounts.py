"""People who work with the platform: accounts, sessions, and the failures by which guessing is slowed down."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from cloud.store.errors import MissingError
from cloud.store.schema import ACCOUNT, LOGIN_ATTEMPT, PUSH_SUBSCRIPTION, WEB_SESSION
from cloud.store.upsert import insert_or_set


class Role(StrEnum):
    """What somebody is there for."""

    DUTY_OFFICER = "duty_officer"
    CITY_DESK = "city_desk"
    FLEET_ADMIN = "fleet_admin"
    AUDITOR = "auditor"
    DESK_OFFICER = "desk_officer"
    """Decides about what people submitted, at desks of the catalogue; sees no incident."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One person; `phone` is where SMS go.

    `wards` are a duty officer's codes, or those to which a desk officer is limited (none: all). `desks` are a desk
    officer's, as the catalogue calls them.
    """

    login: str
    name: str
    role: Role
    wards: tuple[str, ...]
    phone: str | None
    password_hash: str
    disabled: bool
    created_at_ms: int
    desks: tuple[str, ...] = ()

    def answers_for(self, ward: str) -> bool:
        """Whether this person may act on incidents of a ward (code; empty: of no ward)."""
        if self.disabled:
            return False
        return self.role is Role.CITY_DESK or (self.role is Role.DUTY_OFFICER and ward in self.wards)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSession:
    """A browser's session; only the hash of its token is kept."""

    token_hash: str
    login: str
    csrf: str
    created_at_ms: int
    expires_at_ms: int
    seen_at_ms: int


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where web push reaches a browser of `login` (RFC 8030, keys of RFC 8291)."""

    endpoint: str
    login: str
    p256dh: str
    auth: str


def save_account(connection: Connection, account: Account) -> None:
    """Create or replace an account; its sessions stay (see `end_sessions`)."""
    row = {name: getattr(account, name) for name in _ACCOUNT}
    row |= {"role": account.role.value, "wards": list(account.wards), "desks": list(account.desks)}
    connection.execute(insert_or_set(connection.dialect.name, ACCOUNT, _ACCOUNT_SET), [row])


def account(connection: Connection, login: str) -> Account | None:
    """Return one account, disabled or not."""
    row = connection.execute(_BY_LOGIN, {"login": login}).mappings().one_or_none()
    return None if row is None else _account(dict(row))


def list_accounts(connection: Connection) -> list[Account]:
    """Return all accounts by login."""
    return [_account(dict(row)) for row in connection.execute(_ALL).mappings()]


def may_answer(connection: Connection, login: str, ward: str) -> bool:
    """Whether `login` may act on incidents of `ward`."""
    found = account(connection, login)
    return found is not None and found.answers_for(ward)


def set_disabled(connection: Connection, login: str, *, disabled: bool) -> None:
    """Close or reopen an account; closing ends its sessions and its push subscriptions. MissingError without one."""
    changed = connection.execute(update(ACCOUNT).where(ACCOUNT.c.login == login).values(disabled=disabled))
    if changed.rowcount == 0:
        raise MissingError("account: there is none of this login")
    if disabled:
        end_sessions(connection, login)
        connection.execute(delete(PUSH_SUBSCRIPTION).where(PUSH_SUBSCRIPTION.c.login == login))


def set_password_hash(connection: Connection, login: str, password_hash: str) -> None:
    """Replace a password's hash; MissingError without such an account."""
    changed = connection.execute(
        update(ACCOUNT).where(ACCOUNT.c.login == login).values(password_hash=password_hash)
    )
    if changed.rowcount == 0:
        raise MissingError("account: there is none of this login")


def open_session(connection: Connection, session: WebSession) -> None:
    """Keep a new session."""
    connection.execute(insert(WEB_SESSION), [{name: getattr(session, name) for name in _SESSION}])


def session(connection: Connection, token_hash: str, now_ms: int) -> tuple[WebSession, Account] | None:
    """Return a session that has not run out, with its account unless that is disabled."""
    row = (
        connection.execute(_SESSION_OF, {"token_hash": token_hash, "now_ms": now_ms}).mappings().one_or_none()
    )
    if row is None:
        return None
    found = WebSession(**{name: row[name] for name in _SESSION})
    owner = account(connection, found.login)
    return None if owner is None or owner.disabled else (found, owner)


def live_sessions(connection: Connection, token_hashes: Collection[str], now_ms: int) -> set[str]:
    """Return those sessions that have not run out and whose account is not disabled."""
    statement = _LIVE.where(WEB_SESSION.c.token_hash.in_(list(token_hashes)))
    return set(connection.execute(statement, {"now_ms": now_ms}).scalars())


def touch_session(connection: Connection, token_hash: str, *, seen_at_ms: int, expires_at_ms: int) -> None:
    """Note that a session is used, and how long it lives on."""
    connection.execute(
        update(WEB_SESSION)
        .where(WEB_SESSION.c.token_hash == token_hash)
        .values(seen_at_ms=seen_at_ms, expires_at_ms=expires_at_ms)
    )


def close_session(connection: Connection, token_hash: str) -> None:
    """Forget a session."""
    connection.execute(delete(WEB_SESSION).where(WEB_SESSION.c.token_hash == token_hash))


def end_sessions(connection: Connection, login: str) -> None:
    """Forget all sessions of a login."""
    connection.execute(delete(WEB_SESSION).where(WEB_SESSION.c.login == login))


def forget_expired_sessions(connection: Connection, now_ms: int) -> None:
    """Delete sessions that have run out."""
    connection.execute(delete(WEB_SESSION).where(WEB_SESSION.c.expires_at_ms <= now_ms))


def note_failure(connection: Connection, subjects: Collection[str], now_ms: int) -> None:
    """Note a failed login for each subject: the login as typed (hashed by the caller when unknown), the address."""
    connection.execute(insert(LOGIN_ATTEMPT), [{"subject": subject, "at_ms": now_ms} for subject in subjects])


def count_failures(connection: Connection, subject: str, since_ms: int) -> tuple[int, int | None]:
    """Return how many logins failed for a subject since then, and when the last one did."""
    row = connection.execute(_FAILURES, {"subject": subject, "since_ms": since_ms}).one()
    return row[0], row[1]


def forget_failures(
    connection: Connection, *, subject: str | None = None, before_ms: int | None = None
) -> None:
    """Delete failures of a subject (it has logged in), or those that count no longer."""
    statement = delete(LOGIN_ATTEMPT)
    if subject is not None:
        statement = statement.where(LOGIN_ATTEMPT.c.subject == subject)
    if before_ms is not None:
        statement = statement.where(LOGIN_ATTEMPT.c.at_ms < before_ms)
    connection.execute(statement)


def subscribe(connection: Connection, subscription: Subscription, now_ms: int) -> None:
    """Keep a push subscription; a browser that somebody else uses now belongs to them."""
    row = {name: getattr(subscription, name) for name in _SUBSCRIPTION} | {"created_at_ms": now_ms}
    columns = ("login", "p256dh", "auth", "created_at_ms")
    connection.execute(insert_or_set(connection.dialect.name, PUSH_SUBSCRIPTION, columns), [row])


def unsubscribe(connection: Connection, endpoint: str, login: str | None = None) -> None:
    """Forget a subscription; with a `login` only when it is theirs."""
    statement = delete(PUSH_SUBSCRIPTION).where(PUSH_SUBSCRIPTION.c.endpoint == endpoint)
    connection.execute(statement if login is None else statement.where(PUSH_SUBSCRIPTION.c.login == login))


def subscriptions(connection: Connection) -> Sequence[Subscription]:
    """Return all push subscriptions."""
    return [Subscription(*row) for row in connection.execute(_SUBSCRIPTIONS)]


def _account(row: dict[str, object]) -> Account:
    row["role"] = Role(str(row["role"]))
    for name in ("wards", "desks"):
        codes = row[name]
        assert isinstance(codes, list)
        row[name] = tuple(codes)
    return Account(**row)  # type: ignore[arg-type]  # a row of ACCOUNT has the columns of Account


_ACCOUNT: Final = tuple(column.name for column in ACCOUNT.columns)
_ACCOUNT_SET: Final = tuple(name for name in _ACCOUNT if name not in {"login", "created_at_ms"})
_SESSION: Final = tuple(column.name for column in WEB_SESSION.columns)
_SUBSCRIPTION: Final = ("endpoint", "login", "p256dh", "auth")
_BY_LOGIN: Final = select(ACCOUNT).where(ACCOUNT.c.login == bindparam("login"))
_ALL: Final = select(ACCOUNT).order_by(ACCOUNT.c.login)
_SESSION_OF: Final = select(WEB_SESSION).where(
    WEB_SESSION.c.token_hash == bindparam("token_hash"), WEB_SESSION.c.expires_at_ms > bindparam("now_ms")
)
_LIVE: Final = (
    select(WEB_SESSION.c.token_hash)
    .join(ACCOUNT, ACCOUNT.c.login == WEB_SESSION.c.login)
    .where(WEB_SESSION.c.expires_at_ms > bindparam("now_ms"), ~ACCOUNT.c.disabled)
)
_FAILURES: Final = select(func.count(), func.max(LOGIN_ATTEMPT.c.at_ms)).where(
    LOGIN_ATTEMPT.c.subject == bindparam("subject"), LOGIN_ATTEMPT.c.at_ms >= bindparam("since_ms")
)
_SUBSCRIPTIONS: Final = select(*(PUSH_SUBSCRIPTION.c[name] for name in _SUBSCRIPTION))
