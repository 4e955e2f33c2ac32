"""The real cloud as processes: migrated, with wards, stations and people of its own, on a free port."""

import http.client
import json
import secrets
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from cloud.api.people import add_person, build_person
from cloud.clock import now_ms
from cloud.store.engine import open_store
from cloud.store.migration import migrate
from tests.rig.broker import HOST, Broker
from tests.rig.processes import Process, free_port

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Place:
    """One station as an administrator would list it; invented."""

    station: str
    name: str
    ward: str = "27097"
    block: str = ""
    floor: str = "Tầng trệt"
    address: str = "Chung cư Bến Nước, phường Bình Trưng"
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """One account; the password is made for this run."""

    login: str
    name: str
    role: str
    wards: tuple[str, ...]
    password: str
    desks: tuple[str, ...] = ()


WARDS = (("27097", "Phường Bình Trưng"), ("26740", "Phường Sài Gòn"))


def sample_places(count: int, ward: str = "27097") -> list[Place]:
    """Return invented stations `st-0001`, `st-0002`, ..."""
    return [
        Place(f"st-{number:04d}", f"Trạm Bến Nước {number}", ward, block=f"Tháp B{number}")
        for number in range(1, count + 1)
    ]


def sample_people() -> list[Person]:
    """Return one invented person per role."""
    rows: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
        ("truc.ban", "Lê Minh An", "duty_officer", ("27097",)),
        ("thanh.pho", "Trần Thu Hà", "city_desk", ()),
        ("quan.tri", "Phạm Gia Bảo", "fleet_admin", ()),
        ("kiem.toan", "Võ Ngọc Lan", "auditor", ()),
    )
    people = [Person(*row, secrets.token_urlsafe(9)) for row in rows]
    desks = ("residence", "one-stop", "justice", "identity-cards", "city-records", "civic", "area-officers")
    clerk = Person("mot.cua", "Đỗ Thị Hoa", "desk_officer", (), secrets.token_urlsafe(9), desks)
    return [*people, clerk]


class Cloud(Process):
    """`tcds-cloud up` with everything it needs in one directory."""

    def __init__(
        self,
        directory: Path,
        broker: Broker,
        places: Sequence[Place],
        people: Sequence[Person],
        *,
        database: str | None = None,
        extra: str = "",
        map_path: Path | None = None,
        has_counter: bool = False,
    ) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self.database = database or f"sqlite:///{directory / 'cloud.db'}"
        self.people = {person.role: person for person in people}
        self.port = free_port()
        self.config = directory / "cloud.toml"
        extra = f"{extra}\n{_counter(broker)}" if has_counter else extra
        self.config.write_text(self._settings(broker, _write_places(directory, places), extra, map_path))
        self._prepare(people)
        super().__init__(
            "tcds-cloud",
            [*self.command(), "up", "--config", str(self.config)],
            log=directory / "cloud.log",
            is_ready=self._is_ready,
        )

    @property
    def url(self) -> str:
        """Where the consoles are."""
        return f"http://{HOST}:{self.port}"

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the store beside the roles, where it is a SQLite file."""
        with closing(sqlite3.connect(f"file:{self.directory}/cloud.db?mode=ro", uri=True)) as database:
            return database.execute(query).fetchall()

    @staticmethod
    def command() -> list[str]:
        """How the program is called."""
        return [sys.executable, "-m", "cloud"]

    def login(self, role: str = "duty_officer") -> httpx.Client:
        """Return a client that is logged in as the person of a role."""
        person = self.people[role]
        client = httpx.Client(base_url=self.url, timeout=20, trust_env=False)
        answer = client.post("/api/session", json={"login": person.login, "password": person.password})
        answer.raise_for_status()
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
        return client

    def _prepare(self, people: Sequence[Person]) -> None:
        """Migrate and bring in stations and people; the program's own commands do the same, slower."""
        migrate(self.database)
        with open_store(self.database) as store:
            for person in people:
                account = build_person(
                    person.login,
                    person.name,
                    person.role,
                    person.wards,
                    None,
                    [code for code, _ in WARDS],
                    now_ms(),
                    desks=person.desks,
                    known_desks=person.desks,
                )
                add_person(store, account, person.password, now_ms())

    def _is_ready(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=2)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _settings(self, broker: Broker, places: Path, extra: str, map_path: Path | None) -> str:
        courier = broker.certificate("courier-0")
        api = [f'host = "{HOST}"', f"port = {self.port}", "secure_cookies = false"]
        api += [f"dist = {json.dumps(str(ROOT / 'dashboards' / 'dist'))}"]
        api += [f"map_path = {json.dumps(str(map_path))}"] if map_path else []
        api += ["streams_per_user = 100"]
        return "\n".join(
            [
                f"places = {json.dumps(str(places))}",
                "[store]",
                f"url = {json.dumps(self.database)}",
                "[broker]",
                f'host = "{HOST}"',
                f"port = {broker.port}",
                f"ca = {json.dumps(str(broker.ca_path))}",
                f"certificate = {json.dumps(str(courier.certificate))}",
                f"key = {json.dumps(str(courier.key))}",
                "keepalive_s = 5",
                "[ingest]",
                f"workers = {broker.ingest_workers}",
                f"certificates = {json.dumps(str(broker.authority.directory))}",
                "[api]",
                *api,
                extra,
            ]
        )


def _counter(broker: Broker) -> str:
    """Who answers what stations ask: a process more, for stories in which somebody asks."""
    leaf = broker.certificate("counter-0")
    certificate, key = (json.dumps(str(path)) for path in (leaf.certificate, leaf.key))
    return f"[counter]\ncertificate = {certificate}\nkey = {key}"


def _write_places(directory: Path, places: Sequence[Place]) -> Path:
    path = directory / "places.toml"
    lines = [f"[[wards]]\ncode = {json.dumps(code)}\nname = {_quoted(name)}" for code, name in WARDS]
    for place in places:
        lines += [
            "[[stations]]",
            f"id = {json.dumps(place.station)}",
            *(
                f"{key} = {_quoted(getattr(place, key))}"
                for key in ("name", "ward", "block", "floor", "address")
            ),
            *(f"{key} = {value}" for key in ("lat", "lon") if (value := getattr(place, key)) is not None),
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


@contextmanager
def running_cloud(
    directory: Path,
    broker: Broker,
    places: Sequence[Place],
    people: Sequence[Person] | None = None,
    **options: object,
) -> Iterator[Cloud]:
    """Run the cloud below `directory` until the context ends."""
    with Cloud(directory, broker, places, people or sample_people(), **options) as cloud:  # type: ignore[arg-type]  # handed on
        yield cloud
