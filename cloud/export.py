"""What leaves the house: sessions as FHIR, none without its consent, none without an entry in the audit log.

The entry is committed before the first byte leaves. Sessions are read a page at a time, and each page anew asks whether
the consent still holds.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from cloud.fhir.models import Bundle
from cloud.fhir.observations import VIETNAM, bundle
from cloud.store import audit, vitals
from cloud.store.engine import Store, Transaction, take_turn
from cloud.store.vitals import CabinSession

ACTION: Final = "fhir.export"
_PAGE: Final = 100


class ExportError(Exception):
    """Nothing can be exported as it was asked for; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Sessions whose consent arrived in [since_ms, until_ms), by the cloud's clock."""

    since_ms: int
    until_ms: int


class Exported(NamedTuple):
    """How much left."""

    sessions: int
    observations: int


def _moment(option: str, text: str) -> int:
    """Read `2026-11-22` or `2026-11-22T08:00`, in Vietnam unless it names an offset; ms since 1970 UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ExportError(f"{option}: a date or time such as 2026-11-22 or 2026-11-22T08:00+07:00") from None
    return int((at if at.tzinfo else at.replace(tzinfo=VIETNAM)).timestamp() * 1000)


def choose(session: str | None, since: str | None, until: str | None, now_ms: int) -> str | Span:
    """Read what was asked for: one session, or a span; ExportError for both, neither or half of it."""
    if session is not None and since is None and until is None:
        return session
    if session is None and since is not None:
        return _span(since, until, now_ms)
    raise ExportError("--session, or --since perhaps with --until: say what to export")


def _span(since: str, until: str | None, now_ms: int) -> Span:
    """Read the two ends; the later one is now when it is left out."""
    span = Span(
        since_ms=_moment("--since", since),
        until_ms=now_ms if until is None else _moment("--until", until),
    )
    if span.since_ms >= span.until_ms:
        raise ExportError("--since: not before --until, which is now when it is left out")
    return span


def export(
    store: Store,
    chosen: str | Span,
    write: Callable[[bytes], object],
    *,
    actor: str,
    now_ms: int,
    shared_only: bool = False,
) -> Exported:
    """Write one Bundle a line, of the session named or of all in a span.

    ExportError when the one named is not known, nobody agreed, or the consent is withdrawn or past its time.
    """
    with store.writing() as connection:
        take_turn(connection)
        sessions, subject, asked = _find(connection, chosen, now_ms, shared_only=shared_only)
        detail = {**asked, "shared_only": shared_only, "sessions": len(sessions)}
        audit.append(connection, actor, ACTION, subject, detail, now_ms)
    written = 0
    left = 0
    for made in _bundles(store, sessions, now_ms, shared_only=shared_only):
        write(made.json_bytes() + b"\n")
        left += 1
        written += len(made.entry)
    return Exported(left, written)


def _find(
    connection: Transaction, chosen: str | Span, now_ms: int, *, shared_only: bool
) -> tuple[list[str], str, dict[str, int]]:
    """Return the sessions that may leave, and what the audit log says was asked for."""
    if isinstance(chosen, Span):
        asked = {"since_ms": chosen.since_ms, "until_ms": chosen.until_ms}
        found = vitals.exportable(connection, **asked, now_ms=now_ms, shared_only=shared_only)
        return found, "vitals", asked
    if not vitals.exported(connection, [chosen], now_ms=now_ms, shared_only=shared_only):
        raise ExportError(f"--session: {_hindrance(vitals.session(connection, chosen), now_ms)}")
    return [chosen], chosen, {}


def _hindrance(session: CabinSession | None, now_ms: int) -> str:
    """Say why a session may not leave."""
    if session is None:
        return "none of this id that anybody agreed to"
    if session.withdrawn_at_ms is not None:
        return "its consent was withdrawn"
    if session.keep_until_ms is None or session.keep_until_ms <= now_ms:
        return "past its time"
    return "agreed to for keeping, not for a doctor"


def _bundles(store: Store, sessions: list[str], now_ms: int, *, shared_only: bool) -> Iterator[Bundle]:
    for start in range(0, len(sessions), _PAGE):
        with store.reading() as connection:
            page = vitals.exported(
                connection, sessions[start : start + _PAGE], now_ms=now_ms, shared_only=shared_only
            )
        yield from (made for made in map(bundle, page) if made is not None)
