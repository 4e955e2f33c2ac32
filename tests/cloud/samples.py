"""Invented stations, presses and people for tests of the cloud."""

from collections.abc import Iterable

from sqlalchemy import Connection

from cloud.sos.action import Action, Verb
from cloud.sos.incident import Resolution
from cloud.sos.plan import Plan
from cloud.store import accounts, incidents, presence, stations
from cloud.store.accounts import Account, Role, Subscription
from cloud.store.cards import CardRow
from cloud.store.engine import Store
from cloud.store.incidents import NewPress
from cloud.store.presence import Lease

NOW_MS = 1_780_000_000_000
WARD, OTHER_WARD = "27097", "26740"
STATION = "st-0001"
OFFICER, COLLEAGUE, DESK = "truc.ban", "dong.nghiep", "trung.tam"
PLAN = Plan()


def press(
    seq: int = 1,
    *,
    station: str = STATION,
    drill: bool = False,
    received_at_ms: int = NOW_MS,
    journal: str = "a" * 32,
) -> NewPress:
    """Return a press that was recorded 20 ms after the button went down, and sent 30 ms later."""
    return NewPress(
        station=station,
        journal=journal,
        seq=seq,
        button="standing",
        source=f"0000002a-1-{seq}",
        drill=drill,
        at_ms=received_at_ms - 50,
        ago_ms=20,
        sent_at_ms=received_at_ms - 20,
        received_at_ms=received_at_ms,
    )


def add_station(connection: Connection, station: str = STATION, ward: str = WARD) -> None:
    """Configure a station."""
    place = stations.Place(station=station, name=f"Trạm {station}", ward=ward, floor="Tầng trệt")
    stations.configure(connection, [place])


def add_person(
    connection: Connection,
    login: str,
    role: Role = Role.DUTY_OFFICER,
    wards: Iterable[str] = (WARD,),
    phone: str | None = None,
    endpoint: str | None = None,
) -> None:
    """Add an account, with a push subscription when there is an endpoint."""
    account = Account(
        login=login,
        name=f"Đồng chí {login}",
        role=role,
        wards=tuple(wards),
        phone=phone,
        password_hash="$argon2id$invented",
        disabled=False,
        created_at_ms=NOW_MS,
    )
    accounts.save_account(connection, account)
    if endpoint is not None:
        accounts.subscribe(connection, Subscription(endpoint, login, "p256dh-key", "auth-key"), NOW_MS)


def add_people(connection: Connection) -> None:
    """Add two officers of the ward and one at the city desk, all with telephone and push."""
    add_person(connection, OFFICER, phone="+84900000001", endpoint="https://push.example/officer")
    add_person(connection, COLLEAGUE, phone="+84900000002")
    add_person(connection, DESK, Role.CITY_DESK, (), "+84900000003", "https://push.example/desk")


def arm(
    connection: Connection, login: str = OFFICER, wards: Iterable[str] | None = (WARD,), at_ms: int = NOW_MS
) -> None:
    """Put somebody in front of an armed console for 15 s."""
    held = None if wards is None else frozenset(wards)
    presence.renew(
        connection, Lease(f"console-{login}", login, held, armed=True, expires_at_ms=at_ms + 15_000)
    )


def open_one(store: Store, new: NewPress | None = None, now_ms: int = NOW_MS, plan: Plan = PLAN) -> str:
    """Press once and return the incident's id."""
    with store.writing() as connection:
        (identity,) = incidents.record_presses(connection, [new or press()], now_ms=now_ms, plan=plan)
    return identity


def do(
    store: Store,
    identity: str,
    verb: Verb,
    version: int,
    *,
    by: str = OFFICER,
    key: str | None = None,
    now_ms: int = NOW_MS,
    resolution: Resolution | None = None,
    duplicate_of: str | None = None,
    to: str | None = None,
    note: str = "",
) -> CardRow:
    """Let an officer act."""
    action = Action(
        verb=verb, by=by, version=version, resolution=resolution, duplicate_of=duplicate_of, to=to, note=note
    )
    with store.writing() as connection:
        return incidents.act(
            connection, identity, action, idempotency_key=key or f"{verb}-{version}", now_ms=now_ms
        )
