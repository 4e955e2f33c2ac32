"""The worked examples of ICAO Doc 9303-11: appendix D (BAC, 3DES) and G.1 (PACE), and the EF.CardAccess of Vietnam."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from edge.idcard.card import MrzKey
from edge.idcard.ciphers import SessionKeys, Suite

_ALL: Any = json.loads((Path(__file__).parents[2] / "captures" / "icao9303.json").read_text(encoding="utf-8"))
BAC: Any = _ALL["bac"]
PACE: Any = _ALL["pace"]
VIETNAM_CARD_ACCESS = bytes.fromhex(_ALL["vietnam_ef_cardaccess"])

BAC_KEY = MrzKey(BAC["document_number"], date(1969, 8, 6), date(1994, 6, 23))
PACE_KEY = MrzKey(PACE["document_number"], date(1964, 8, 12), date(2010, 10, 31))


def bac(name: str) -> bytes:
    """A value of appendix D."""
    return bytes.fromhex(BAC[name])


def pace(name: str) -> bytes:
    """A value of appendix G.1."""
    return bytes.fromhex(PACE[name])


def bac_session_keys() -> SessionKeys:
    return SessionKeys(Suite.TDES, bac("ks_enc"), bac("ks_mac"))
