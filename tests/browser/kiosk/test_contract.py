"""The pages know every name that the daemon can say: their lists are the daemon's enums, in order."""

import re
from enum import StrEnum

import pytest

from edge.cabin.view import Action, Page, Phase, Trouble
from edge.instrument import Readiness
from edge.kiosk.ports import PairingStep
from tests.rig.cloud import ROOT
from wire.entries import ConsentScope, DeviceState, Flag, VitalKind
from wire.messages import SosStage

_PAGES = ROOT / "dashboards"


def _list(path: str, name: str) -> list[str]:
    """Return the strings of `export const NAME = [...] as const` in a TypeScript file."""
    found = re.search(
        rf"export const {name} = \[(.*?)\] as const", (_PAGES / path).read_text("utf-8"), re.DOTALL
    )
    assert found, name
    return re.findall(r'"([^"]+)"', found[1])


@pytest.mark.parametrize(
    ("name", "enum"),
    [
        ("VITAL_KINDS", VitalKind),
        ("FLAGS", Flag),
        ("READINESSES", Readiness),
        ("PAGES", Page),
        ("PHASES", Phase),
        ("TROUBLES", Trouble),
        ("ACTIONS", Action),
        ("CONSENT_SCOPES", ConsentScope),
        ("SOS_STAGES", SosStage),
    ],
)
def test_the_screen_knows_every_name(name: str, enum: type[StrEnum]) -> None:
    assert _list("kiosk/api/types.ts", name) == [each.value for each in enum]


@pytest.mark.parametrize(("name", "enum"), [("DEVICE_STATES", DeviceState), ("PAIRING_STATES", PairingStep)])
def test_the_technician_s_page_knows_every_name(name: str, enum: type[StrEnum]) -> None:
    assert _list("service/api/types.ts", name) == [each.value for each in enum]
