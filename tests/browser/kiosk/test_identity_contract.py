"""The page knows every name that the daemon says of a card: its lists are the daemon's enums, in order."""

import re
from enum import StrEnum
from typing import Final

import pytest

from edge.idcard.card import CloneCheck, Issuer, Step
from edge.idcard.errors import CardFault
from edge.idcard.groups import NEVER_SENT, Field
from edge.identity.errors import Refusal
from edge.identity.orders import MAX_SCAN
from edge.identity.purposes import PURPOSES, Gives
from edge.identity.view import BUSY, FULL, TOO_LATE, Action, Outcome, Page
from tests.rig.cloud import ROOT

_KIOSK: Final = ROOT / "dashboards/kiosk"
_TYPES: Final = _KIOSK / "api/identity.ts"


def _list(name: str) -> list[str]:
    """Return the strings of `export const NAME = [...]`."""
    found = re.search(rf"export const {name} = \[(.*?)\]", _TYPES.read_text("utf-8"), re.DOTALL)
    assert found, name
    return re.findall(r'"([^"]+)"', found[1])


@pytest.mark.parametrize(
    ("name", "enum"),
    [
        ("IDENTITY_PAGES", Page),
        ("IDENTITY_ACTIONS", Action),
        ("CARD_FAULTS", CardFault),
        ("CARD_FIELDS", Field),
        ("READING_STEPS", Step),
        ("GIVES", Gives),
        ("ISSUERS", Issuer),
        ("CLONE_CHECKS", CloneCheck),
        ("OUTCOMES", Outcome),
        ("REFUSALS", Refusal),
    ],
)
def test_the_screen_knows_every_name(name: str, enum: type[StrEnum]) -> None:
    assert _list(name) == [each.value for each in enum]


def test_the_screen_knows_what_never_leaves_and_what_the_station_cannot_do() -> None:
    assert set(_list("NEVER_SENT")) == {each.value for each in NEVER_SENT}
    assert _list("STATION_FAULTS") == [BUSY, FULL, TOO_LATE]


def test_the_screen_has_words_for_every_purpose_and_recipient() -> None:
    words = (_KIOSK / "words/vi-identity.ts").read_text("utf-8")
    recipients = (_KIOSK / "words/vi-card.ts").read_text("utf-8")
    for purpose in PURPOSES.values():
        assert f'"{purpose.name}": {{' in words
        assert not purpose.recipient or f'"{purpose.recipient}":' in recipients


def test_the_scanner_is_cut_where_the_station_cuts() -> None:
    wedge = (_KIOSK / "logic/identity/wedge.ts").read_text("utf-8")
    assert f"MAX_SCAN = {MAX_SCAN:_};" in wedge
