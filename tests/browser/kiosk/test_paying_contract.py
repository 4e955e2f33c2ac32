"""The page knows every name that the daemon says of a payment: its lists are the daemon's enums, in order."""

import re
from enum import StrEnum
from typing import Final

import pytest

from edge.paying.view import Action, Page, PayingView, Trouble
from tests.rig.cloud import ROOT

_TYPES: Final = ROOT / "dashboards/kiosk/api/paying.ts"


@pytest.mark.parametrize(
    ("name", "enum"), [("PAYING_PAGES", Page), ("PAYING_ACTIONS", Action), ("PAYING_TROUBLES", Trouble)]
)
def test_the_screen_knows_every_name(name: str, enum: type[StrEnum]) -> None:
    found = re.search(rf"export const {name} = \[(.*?)\]", _TYPES.read_text("utf-8"), re.DOTALL)
    assert found, name
    assert re.findall(r'"([^"]+)"', found[1]) == [each.value for each in enum]


def test_the_screen_knows_every_field() -> None:
    text = _TYPES.read_text("utf-8").split("interface PayingView", 1)[1].split("}", 1)[0]
    assert re.findall(r"readonly (\w+):", text) == list(PayingView.__struct_fields__)
