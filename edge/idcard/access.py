"""Opening the chip: PACE where it speaks it, else Basic Access Control, and the application selected behind it.

Source: ICAO Doc 9303-11, 4.2. The Vietnamese profile is proposed first: EF.CardAccess, which nobody signed before the channel is
open, is read only where the chip refuses that.
"""

from collections.abc import Callable
from enum import Enum, auto
from typing import Final

from edge.idcard import bac, pace
from edge.idcard.apdu import OK, Command
from edge.idcard.blocks import Blocks
from edge.idcard.card import AccessKey, MrzKey
from edge.idcard.curves import PACE_CURVES
from edge.idcard.errors import GarbledError, OtherCardError, RefusedError, UnreadableError
from edge.idcard.exchange import Exchange
from edge.idcard.files import read_file
from edge.idcard.groups import AID, File
from edge.idcard.pace import Profile
from edge.idcard.security_infos import parse_card_access


class Way(Enum):
    """How a chip is opened."""

    PACE = auto()
    BAC = auto()


WAYS: Final = frozenset(Way)


def open_chip(
    exchange: Exchange, key: AccessKey, rand: Callable[[int], bytes], *, ways: frozenset[Way] = WAYS
) -> None:
    """Open a channel on the exchange, closing the one that was, and select the application.

    OtherCardError when there is none; WrongKeyError and BlockedError, see `errors`; RefusedError when the chip knows none of the
    ways that the key opens (a CAN: only PACE).
    """
    exchange.channel = None
    refusal = _try_pace(exchange, key, rand) if Way.PACE in ways else RefusedError("PACE: not tried", OK)
    response = exchange.send(Command(0x00, 0xA4, 0x04, 0x0C, AID))
    if response.sw != OK:
        raise OtherCardError
    if refusal is None:
        return
    if not isinstance(key, MrzKey) or Way.BAC not in ways:
        raise refusal
    bac.establish(exchange, key, rand)


def _try_pace(exchange: Exchange, key: AccessKey, rand: Callable[[int], bytes]) -> RefusedError | None:
    """Open a channel by PACE; return the refusal of a chip that does not speak it."""
    profile = pace.VIETNAM
    try:
        nonce = pace.propose(exchange, profile, key)
    except RefusedError as refusal:
        told = _told_profile(exchange)
        if told is None:
            return refusal
        profile = told
        try:
            nonce = pace.propose(exchange, profile, key)
        except RefusedError as again:
            return again
    try:
        pace.establish(exchange, profile, key, nonce, rand)
    except RefusedError as refusal:
        return refusal
    return None


def _told_profile(exchange: Exchange) -> Profile | None:
    """Return the first profile of EF.CardAccess that this terminal speaks, or None.

    It names its curve also where it is the one that was refused: some chips insist.
    """
    try:
        infos = parse_card_access(read_file(exchange, File.CARD_ACCESS, Blocks(0)))
    except (RefusedError, GarbledError, UnreadableError):
        return None  # Whatever else it is shows when the application is selected.
    known = (info for info in infos.pace if info.parameter_id in PACE_CURVES)
    info = next(known, None)
    if info is None:
        return None
    is_ambiguous = [one.suite for one in infos.pace].count(info.suite) > 1
    return Profile(info, names_curve=is_ambiguous or info == pace.VIETNAM.info)
