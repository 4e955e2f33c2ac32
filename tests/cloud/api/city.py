"""A city of two wards and five people: the store, its clock, and ways to make things happen."""

import hashlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from fastapi import FastAPI

from catalogue.model import Catalogue
from cloud.places import Places
from cloud.settings import Api, Broker, Ingest, Settings
from cloud.settings import Store as StoreSettings
from cloud.sos.plan import Plan
from cloud.store import accounts, incidents
from cloud.store.accounts import Account, Role, WebSession
from cloud.store.engine import Store

HOME, AWAY = "27097", "26740"
NOW_MS = 1_795_000_000_000
PASSWORD = "mật khẩu rất dài"

PEOPLE = {
    "duty_officer": Account(
        login="truc.ban",
        name="Lê Minh An",
        role=Role.DUTY_OFFICER,
        wards=(HOME,),
        phone=None,
        password_hash="",
        disabled=False,
        created_at_ms=NOW_MS,
    ),
    "city_desk": Account(
        login="thanh.pho",
        name="Trần Thu Hà",
        role=Role.CITY_DESK,
        wards=(),
        phone=None,
        password_hash="",
        disabled=False,
        created_at_ms=NOW_MS,
    ),
    "fleet_admin": Account(
        login="quan.tri",
        name="Phạm Gia Bảo",
        role=Role.FLEET_ADMIN,
        wards=(),
        phone=None,
        password_hash="",
        disabled=False,
        created_at_ms=NOW_MS,
    ),
    "auditor": Account(
        login="kiem.toan",
        name="Võ Ngọc Lan",
        role=Role.AUDITOR,
        wards=(),
        phone=None,
        password_hash="",
        disabled=False,
        created_at_ms=NOW_MS,
    ),
    "desk_officer": Account(
        login="cu.tru",
        name="Đỗ Thị Hoa",
        role=Role.DESK_OFFICER,
        wards=(HOME,),
        phone=None,
        password_hash="",
        disabled=False,
        created_at_ms=NOW_MS,
        desks=("residence",),
    ),
}


@dataclass
class City:
    """The store, its clock, and ways to make things happen in it."""

    store: Store
    settings: Settings
    places: Places
    catalogue: Catalogue = field(repr=False)
    now_ms: int = NOW_MS
    sequences: dict[str, int] = field(default_factory=dict)

    def clock(self) -> int:
        return self.now_ms

    def press(self, station: str = "st-home", *, drill: bool = False) -> str:
        """Somebody presses the button; return the incident."""
        seq = self.sequences[station] = self.sequences.get(station, 0) + 1
        press = incidents.NewPress(
            station=station,
            journal="0" * 32,
            seq=seq,
            button="sos",
            source=f"board-1-{seq}",
            drill=drill,
            at_ms=self.now_ms - 60,
            ago_ms=20,
            sent_at_ms=self.now_ms - 50,
            received_at_ms=self.now_ms - 10,
        )
        with self.store.writing() as connection:
            (incident,) = incidents.record_presses(connection, [press], now_ms=self.now_ms, plan=Plan())
        self.store.ring()
        return incident

    def session(self, role: str) -> tuple[str, str]:
        """Open a session of somebody of a role."""
        return self.session_of(PEOPLE[role].login)

    def session_of(self, login: str) -> tuple[str, str]:
        """Open a session without the cost of a password; return its token and CSRF token."""
        token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
        session = WebSession(
            token_hash=hashlib.sha256(token.encode()).hexdigest(),
            login=login,
            csrf=csrf,
            created_at_ms=self.now_ms,
            expires_at_ms=self.now_ms + 1_800_000,
            seen_at_ms=self.now_ms,
        )
        with self.store.writing() as connection:
            accounts.open_session(connection, session)
        return token, csrf


def settings_for(directory: Path, url: str, **api: object) -> Settings:
    anywhere = directory / "none"
    return Settings(
        store=StoreSettings(url=url),
        broker=Broker(host="localhost", ca=anywhere, certificate=anywhere, key=anywhere),
        ingest=Ingest(certificates=directory),
        places=anywhere,
        api=Api.model_validate({"secure_cookies": False, "dist": directory / "dist", **api}),
    )


@asynccontextmanager
async def client_of(app: FastAPI, city: City, role: str | None) -> AsyncIterator[httpx.AsyncClient]:
    """A client that is logged in as somebody of a role, or as nobody; the app's lifespan is not run."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://tcds.test") as client:
        if role is not None:
            token, csrf = city.session(role)
            client.cookies.set("tcds", token)
            client.headers["X-CSRF-Token"] = csrf
        yield client
