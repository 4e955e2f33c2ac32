"""The kiosk's API, whatever its pages send: no fault, no answer that its description does not know."""

import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi import FastAPI
from schemathesis.schemas import BaseSchema

from edge.kiosk.app import create_app
from edge.kiosk.context import Context
from edge.kiosk.contract import PROMISES, describe
from edge.kiosk.screen import Screen
from edge.kiosk.service import ServiceDoor, _digest, hash_pin
from edge.kiosk.service_routes import COOKIE
from edge.kiosk.speech import Voice
from edge.kiosk.stream import Streams
from edge.paying.paying import Paying
from edge.settings import KioskSettings, SpeechSettings
from tests.contract.holding import AnyCase, Asking, ask_everything, dice, labels_of, operation_of, schema_of
from tests.edge.conftest import SetClock
from tests.edge.kiosk.conftest import STATION
from tests.fakes.kiosk_desks import (
    PAIRING,
    ScriptedBench,
    ScriptedCabin,
    ScriptedIdentity,
    ScriptedLink,
    ScriptedPrinter,
    ScriptedServices,
    ScriptedSos,
    sheet,
    sheet_page,
)
from tests.fakes.line import LostLine

ORIGIN: Final = "http://127.0.0.1:8490"
PAGE: Final = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
PIN: Final = "12345678"
KEPT_PIN: Final = hash_pin(PIN)
FINITE: Final = [label for label in sorted(PROMISES) if not label.endswith("/stream")]
"""The stream never ends; what it says is in tests/edge/kiosk/test_stream.py, and every refusal before it is the border's."""

REPLY: Final = "POST /service/api/pairing/{pairing}"

GOOD: Final[dict[str, dict[str, Any]]] = {
    "GET /api/kiosk": {},
    "POST /api/cabin/print": {"body": {"language": "vi"}},
    "GET /api/cabin/sheet.svg": {},
    "GET /api/speech": {"query": {"language": "vi", "text": "Xin chào"}},
    "POST /api/sos": {"body": {"id": "0f" * 16}},
    "POST /api/beat": {"body": {"page": "cabin"}},
    "POST /api/identity/orders": {"body": {"action": "open"}},
    "GET /api/services": {},
    "GET /api/services/wards": {},
    "POST /api/services/orders": {"body": {"action": "open"}},
    "POST /service/api/login": {"body": {"pin": PIN}},
    "POST /service/api/logout": {},
    "GET /service/api/devices": {},
    "PATCH /service/api/devices/{name}": {"path_parameters": {"name": "cuff-1"}, "body": {"place": "x"}},
    "DELETE /service/api/devices/{name}": {"path_parameters": {"name": "cuff-1"}},
    "POST /service/api/devices/{name}/test": {"path_parameters": {"name": "cuff-1"}},
    "POST /service/api/scan": {},
    "POST /service/api/pair": {"body": {"name": "cuff-2", "driver": "ble", "address": "C0:FF:EE:00:00:02"}},
}
"""What succeeds at this station; photographs, receipts and the guide have stories of their own."""


def _silence(directory: Path) -> Path:
    """Write a sound of no length."""
    path = directory / "silence.wav"
    with wave.open(str(path), "wb") as sound:
        sound.setparams((1, 2, 22_050, 0, "NONE", "not compressed"))
    return path


class Stage:
    """A station that has everything, scripted, and a technician's session."""

    def __init__(self, directory: Path) -> None:
        self.clock = clock = SetClock()
        self.door = ServiceDoor(KEPT_PIN, clock)
        cabin, identity, services = ScriptedCabin(), ScriptedIdentity(), ScriptedServices()
        cabin.show(sheet_page(sheet()))
        sos = ScriptedSos()
        self.app: FastAPI = create_app(
            Context(
                station=STATION,
                settings=KioskSettings(pages=directory),
                release="0",
                sos=sos,
                voice=Voice(
                    SpeechSettings(command=("sh", "-c", f"cat >/dev/null; cat {_silence(directory)}"))
                ),
                screen=Screen(clock, lambda _: None),
                cabin=cabin,
                identity=identity,
                services=services,
                paying=Paying(LostLine().questions.ask, clock),
                following=None,
                pictures=None,
                guide=None,
                printer=ScriptedPrinter(),
                devices=ScriptedBench(),
                door=self.door,
            ),
            Streams(cabin, identity, sos, ScriptedLink(), clock, services=services),
        )

    def session(self) -> dict[str, str]:
        """Let a technician be in, without the cost of a PIN."""
        self.door._sessions = {_digest("0f"): self.clock.uptime_ms()}
        return {"Cookie": f"{COOKIE}=0f"}


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


@pytest.fixture(scope="module")
def promised(tmp_path_factory: pytest.TempPathFactory) -> BaseSchema:
    return schema_of(describe(Stage(tmp_path_factory.mktemp("pages")).app))


@pytest.fixture
def asking(stage: Stage) -> Iterator[Asking]:
    with Asking(stage.app, ORIGIN) as asking:
        yield asking


def test_the_table_knows_exactly_the_routes_there_are(promised: BaseSchema) -> None:
    assert labels_of(promised) == sorted(PROMISES)


@pytest.mark.parametrize("label", FINITE)
def test_every_answer_is_as_described(label: str, stage: Stage, asking: Asking, promised: BaseSchema) -> None:
    def ask(case: AnyCase) -> None:
        for name, known in {"name": "cuff-1", "pairing": PAIRING}.items():
            if name in case.path_parameters and label.startswith("PATCH /service") and dice(case, 2, name):
                case.path_parameters[name] = known
        if label == REPLY and isinstance(case.body, dict):
            # one of both and not the other is a rule that its description does not tell
            case.body = {name: case.body[name] for name in sorted(case.body) if name != "accept"} | {
                "accept": None
            }
            if case.body.get("passkey") is None:
                return
        asking.ask(case, PAGE | stage.session())

    ask_everything(operation_of(promised, label), ask)


@pytest.mark.parametrize("label", sorted(GOOD))
def test_it_also_succeeds(label: str, stage: Stage, asking: Asking, promised: BaseSchema) -> None:
    answer = asking.ask(operation_of(promised, label).Case(**GOOD[label]), PAGE | stage.session())
    assert answer.is_success, answer.text
