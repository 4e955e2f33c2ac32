"""Logging in and staying logged in: an opaque token in a cookie, of which the store knows only the hash."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import structlog

from cloud.api.passwords import hash_password, is_outdated, verify_password
from cloud.api.problems import Problem
from cloud.api.throttle import WINDOW_MS, Subject, subjects, wait_ms
from cloud.settings import Api
from cloud.store import accounts, audit
from cloud.store.accounts import Account, Role, WebSession
from cloud.store.engine import Store, Transaction
from cloud.store.errors import StoreError

TOUCH_EVERY_MS: Final = 30_000
"""A session's use is noted so often at most: every note is a write."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever stands behind a request."""

    account: Account
    session: WebSession

    @property
    def login(self) -> str:
        """Name in the audit log."""
        return self.account.login

    @property
    def wards(self) -> frozenset[str] | None:
        """Ward codes that this person sees; None means all of the city."""
        is_limited = self.account.role is Role.DUTY_OFFICER or bool(self.account.wards)
        return frozenset(self.account.wards) if is_limited else None

    def sees(self, ward: str) -> bool:
        """Tell whether this person sees a ward."""
        return self.wards is None or ward in self.wards


class Door:
    """Opens, recognises and closes sessions. Its methods block and belong into a thread."""

    def __init__(self, store: Store, settings: Api, clock: Callable[[], int]) -> None:
        self._store = store
        self._idle_ms = settings.session_idle_s * 1000
        self._limit_ms = settings.session_limit_s * 1000
        self._clock = clock

    def log_in(self, login: str, password: str, address: str) -> tuple[str, Visitor]:
        """Return a new session's token and its visitor; Problem `bad-credentials` or `throttled`."""
        now_ms = self._clock()
        names = subjects(login, address)
        with self._store.reading() as connection:
            _require_patience(connection, names, now_ms)
            account = accounts.account(connection, login)
        usable = account is not None and not account.disabled
        is_right = verify_password(account.password_hash if account and usable else None, password)
        if account is None or not is_right:
            self._refuse(names, account, now_ms)
            raise Problem(HTTPStatus.UNAUTHORIZED, "bad-credentials")
        return self._open(account, password, names[0], now_ms)

    def recognise(self, token: str) -> Visitor | None:
        """Return whose session this is, while it lasts, and note that it is used."""
        now_ms = self._clock()
        token_hash = _hash(token)
        with self._store.reading() as connection:
            found = accounts.session(connection, token_hash, now_ms)
        if found is None:
            return None
        session, account = found
        if now_ms - session.seen_at_ms >= TOUCH_EVERY_MS:
            expires_at_ms = min(now_ms + self._idle_ms, session.created_at_ms + self._limit_ms)
            self._touch(token_hash, now_ms, expires_at_ms)
        return Visitor(account, session)

    def log_out(self, visitor: Visitor) -> None:
        """Forget the session."""
        with self._store.writing() as connection:
            accounts.close_session(connection, visitor.session.token_hash)
            audit.append(connection, visitor.login, "session.close", visitor.login, {}, self._clock())

    def _touch(self, token_hash: str, now_ms: int, expires_at_ms: int) -> None:
        """Note the use; that another writer is busy is no reason to keep an officer from reading."""
        try:
            with self._store.writing() as connection:
                accounts.touch_session(connection, token_hash, seen_at_ms=now_ms, expires_at_ms=expires_at_ms)
        except StoreError as error:
            log.warning("session.untouched", error=type(error).__name__)

    def _refuse(self, names: tuple[Subject, ...], account: Account | None, now_ms: int) -> None:
        with self._store.writing() as connection:
            accounts.forget_failures(connection, before_ms=now_ms - WINDOW_MS)
            accounts.note_failure(connection, [subject.name for subject in names], now_ms)
            if account is not None:
                audit.append(connection, account.login, "session.refused", account.login, {}, now_ms)

    def _open(self, account: Account, password: str, subject: Subject, now_ms: int) -> tuple[str, Visitor]:
        token = secrets.token_urlsafe(32)
        session = WebSession(
            token_hash=_hash(token),
            login=account.login,
            csrf=secrets.token_urlsafe(24),
            created_at_ms=now_ms,
            expires_at_ms=now_ms + min(self._idle_ms, self._limit_ms),
            seen_at_ms=now_ms,
        )
        with self._store.writing() as connection:
            accounts.forget_failures(connection, subject=subject.name)
            accounts.forget_expired_sessions(connection, now_ms)
            accounts.open_session(connection, session)
            if is_outdated(account.password_hash):
                accounts.set_password_hash(connection, account.login, hash_password(password))
            audit.append(connection, account.login, "session.open", account.login, {}, now_ms)
        return token, Visitor(account, session)


def _require_patience(connection: Transaction, names: tuple[Subject, ...], now_ms: int) -> None:
    for subject in names:
        failures, last_at_ms = accounts.count_failures(connection, subject.name, now_ms - WINDOW_MS)
        left_ms = wait_ms(subject, failures, last_at_ms, now_ms)
        if left_ms:
            raise throttled(left_ms)


def throttled(left_ms: int) -> Problem:
    """Return the refusal that tells how long to wait."""
    left_s = -(-left_ms // 1000)
    return Problem(HTTPStatus.TOO_MANY_REQUESTS, "throttled", headers={"Retry-After": str(left_s)})


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
