"""A city for the browser tests: broker, cloud, real daemons with their boards. It stands once for all of them."""

import asyncio
import json
import os
import secrets
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.rig.broker import running_broker
from tests.rig.cloud import Cloud, Person, Place, running_cloud
from tests.rig.tower import Station

BINH_TRUNG, SAI_GON = "27097", "26740"
_RIVERSIDE = "Chung cư Bến Nước, 25 đường Ven Sông"


def place(number: int, name: str, **more: Any) -> Place:
    """Return an invented station `st-0001`, ...; somewhere in Bình Trưng unless `more` says otherwise."""
    return Place(f"st-{number:04d}", name, **{"ward": BINH_TRUNG, "address": _RIVERSIDE, **more})


PLACES = (
    place(1, "Sảnh tháp Sen 1", block="Tháp Sen 1", lat=10.7835, lon=106.7562),
    place(2, "Sảnh tháp Sen 2", block="Tháp Sen 2", lat=10.7842, lon=106.7581),
    place(
        3,
        "Hành lang khu B",
        ward=SAI_GON,
        block="Khu B",
        floor="Tầng 3",
        address="Chung cư Cột Cờ, 8 đường Bờ Kè",
        lat=10.7765,
        lon=106.7031,
    ),
)
SEN_1, SEN_2, KHU_B = PLACES


def write_map(path: Path) -> Path:
    """Write an invented map: two wards, each a square around its stations."""
    corners = {BINH_TRUNG: ("Bình Trưng", 106.74, 10.77), SAI_GON: ("Sài Gòn", 106.69, 10.76)}
    arcs, shapes = [], []
    for number, (code, (name, lon, lat)) in enumerate(corners.items()):
        arcs += [[[lon, lat], [lon, lat + 0.03], [lon + 0.03, lat + 0.03], [lon + 0.03, lat], [lon, lat]]]
        properties = {"code": code, "name": name}
        shapes += [{"type": "Polygon", "arcs": [[number]], "properties": properties}]
    wards = {"type": "GeometryCollection", "geometries": shapes}
    path.write_text(json.dumps({"type": "Topology", "arcs": arcs, "objects": {"wards": wards}}), "utf-8")
    return path


def person(login: str, name: str, role: str, *wards: str) -> Person:
    """Return an invented person with a password made for this run."""
    return Person(login, name, role, wards, secrets.token_urlsafe(9))


AN = person("truc.ban", "Lê Minh An", "duty_officer", BINH_TRUNG)
MAI = person("sai.gon", "Đặng Thị Mai", "duty_officer", SAI_GON)
HA = person("thanh.pho", "Trần Thu Hà", "city_desk")
LAN = person("kiem.toan", "Võ Ngọc Lan", "auditor")
PEOPLE = (AN, MAI, HA, LAN)


@dataclass(slots=True)
class Stage:
    """What stands: stations by their place, and the API as the city desk sees it."""

    cloud: Cloud
    stations: dict[str, Station]
    desk: httpx.AsyncClient
    _sessions: dict[str, list[Any]] = field(default_factory=dict)

    async def session(self, who: Person) -> list[Any]:
        """Log in by the API, once for each person; return the cookies that a browser would have then."""
        if who.login not in self._sessions:
            async with httpx.AsyncClient(base_url=self.cloud.url, timeout=20, trust_env=False) as client:
                await _log_in(client, who)
                self._sessions[who.login] = [
                    {"name": name, "value": value, "url": self.cloud.url}
                    for name, value in client.cookies.items()
                ]
        return self._sessions[who.login]

    async def press(self, where: Place) -> None:
        """Press and release a station's button."""
        board = self.stations[where.station].board
        assert board.press() is not None, "the button was still down, or the board's memory is full"
        await asyncio.sleep(0.1)
        board.release()
        await asyncio.sleep(0.1)

    async def cards(self) -> list[dict[str, Any]]:
        """Return the open incidents as the API has them now."""
        answer = (await self.desk.get("/api/incidents", params={"scope": "open"})).raise_for_status()
        found: list[dict[str, Any]] = answer.json()["incidents"]
        return found

    async def card_of(self, where: Place) -> dict[str, Any]:
        """Return the one open incident of a station."""
        (card,) = [card for card in await self.cards() if card["station"]["id"] == where.station]
        return card

    async def act(self, card: dict[str, Any], action: str, **extra: str) -> dict[str, Any]:
        """Do something to an incident as the city desk; return the card as it is then."""
        body = {
            "action": action,
            "version": card["version"],
            "idempotency_key": secrets.token_hex(16),
            **extra,
        }
        answer = await self.desk.post(f"/api/incidents/{card['id']}/actions", json=body)
        changed: dict[str, Any] = answer.raise_for_status().json()
        return changed

    async def clear(self) -> None:
        """End every open incident, so that the next press begins a new one."""
        for card in await self.cards():
            taken = await self.act(card, "acknowledge") if card["state"] == "new" else card
            await self.act(taken, "resolve", resolution="drill" if card["drill"] else "false_press")

    def api_pid(self) -> int:
        """Return the process that serves the consoles, a child of `tcds-cloud up`."""
        listed = Path(f"/proc/{self.cloud.pid}/task/{self.cloud.pid}/children").read_text().split()
        (pid,) = [pid for pid in listed if b"\0api\0" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        return int(pid)

    @contextmanager
    def silent_api(self) -> Iterator[None]:
        """Freeze the API: its connections stay open and say nothing more."""
        pid = self.api_pid()
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


@asynccontextmanager
async def running_stage(
    directory: Path,
    places: Sequence[Place] = PLACES,
    people: Sequence[Person] = PEOPLE,
    **options: Any,
) -> AsyncIterator[Stage]:
    """Set the stage below `directory`; `options` are the cloud's."""
    async with AsyncExitStack() as stack:
        broker = await asyncio.to_thread(stack.enter_context, running_broker(directory / "broker"))
        starting = running_cloud(directory / "cloud", broker, places, people, **options)
        cloud = await asyncio.to_thread(stack.enter_context, starting)
        stations = {each.station: Station(directory / each.station, each.station, broker) for each in places}
        await asyncio.gather(*(stack.enter_async_context(station) for station in stations.values()))
        desk = await stack.enter_async_context(
            httpx.AsyncClient(base_url=cloud.url, timeout=20, trust_env=False)
        )
        desk.headers["X-CSRF-Token"] = await _log_in(desk, cloud.people["city_desk"])
        yield Stage(cloud, stations, desk)


async def _log_in(client: httpx.AsyncClient, who: Person) -> str:
    answer = await client.post("/api/session", json={"login": who.login, "password": who.password})
    token: str = answer.raise_for_status().json()["csrf"]
    return token
