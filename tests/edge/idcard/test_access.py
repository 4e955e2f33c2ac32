import pytest

from edge.idcard.access import Way, open_chip
from edge.idcard.card import AccessKey
from edge.idcard.errors import BlockedError, OtherCardError, RefusedError, WrongKeyError
from edge.idcard.exchange import Exchange
from edge.idcard.port import Port
from tests.edge.idcard.cards import can_of, mrz_key_of
from tests.edge.idcard.scripted import AnsweringPort, counting
from tests.fakes.idcard.issuing import Personalisation, issue
from tests.fakes.idcard.keys import Suite
from tests.fakes.idcard.manners import Manners
from tests.fakes.idcard.pace import Profile
from tests.fakes.idcard.people import AN, BINH

SET_AT = bytes.fromhex("0022C1A4")
CARD_ACCESS_BY_SFI = bytes.fromhex("00B09C00")
CARD_ACCESS_BY_NAME = bytes.fromhex("00A4020C02011C")
SELECT = bytes.fromhex("00A4040C07A0000002471001")
GET_CHALLENGE = bytes.fromhex("00840000")
SELECT_ROOT = bytes.fromhex("00A4000C")


class Watched:
    """A port that remembers the heads of what is sent."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self.sent: list[bytes] = []

    def transmit(self, apdu: bytes) -> bytes:
        self.sent.append(apdu)
        return self._port.transmit(apdu)

    def has(self, head: bytes) -> bool:
        return any(apdu.startswith(head) for apdu in self.sent)


def opened(plan: Personalisation, key: AccessKey, ways: frozenset[Way] = frozenset(Way)) -> Watched:
    """Open a chip and return what was said to it."""
    port = Watched(issue(plan).chip)
    exchange = Exchange(port)
    open_chip(exchange, key, counting(), ways=ways)
    assert exchange.channel is not None
    assert exchange.apdus == len(port.sent)
    return port


@pytest.mark.parametrize("key", [can_of(AN), mrz_key_of(AN)])
def test_a_vietnamese_card_is_opened_in_six_round_trips_by_either_key(key: AccessKey) -> None:
    port = opened(Personalisation(), key)
    assert len(port.sent) == 6
    assert not port.has(CARD_ACCESS_BY_SFI)
    assert not port.has(SELECT_ROOT)


def test_a_chip_of_another_profile_is_asked_for_it_and_opened() -> None:
    port = opened(Personalisation(profile=Profile(Suite.AES_256, 16)), can_of(AN))
    assert [apdu[:4] for apdu in port.sent[:3]] == [SET_AT, CARD_ACCESS_BY_SFI, SET_AT]
    assert len(port.sent) == 8
    assert port.sent[0] != port.sent[2]


def test_a_chip_that_only_speaks_bac_is_selected_first() -> None:
    port = opened(Personalisation(pace=False), mrz_key_of(AN))
    heads = [SET_AT, CARD_ACCESS_BY_SFI, CARD_ACCESS_BY_NAME, SELECT, GET_CHALLENGE]
    assert all(apdu.startswith(head) for apdu, head in zip(port.sent, heads, strict=False))
    assert len(port.sent) == 6


def test_who_knows_the_way_needs_three_round_trips_for_bac() -> None:
    port = opened(Personalisation(), mrz_key_of(AN), frozenset({Way.BAC}))
    assert [apdu[:4] for apdu in port.sent] == [SELECT[:4], GET_CHALLENGE, bytes.fromhex("00820000")]


def test_a_can_opens_nothing_but_pace() -> None:
    for plan, ways in ((Personalisation(pace=False), frozenset(Way)), (Personalisation(), {Way.BAC})):
        exchange = Exchange(issue(plan).chip)
        with pytest.raises(RefusedError, match="PACE"):
            open_chip(exchange, can_of(AN), counting(), ways=frozenset(ways))
        assert exchange.channel is None


def test_a_zone_does_not_open_by_bac_where_only_pace_may_be_tried() -> None:
    with pytest.raises(RefusedError):
        opened(Personalisation(pace=False), mrz_key_of(AN), frozenset({Way.PACE}))


@pytest.mark.parametrize("key", [can_of(BINH), mrz_key_of(BINH)])
def test_a_key_that_pace_calls_wrong_is_not_tried_again_by_bac(key: AccessKey) -> None:
    chip = issue().chip
    port = Watched(chip)
    with pytest.raises(WrongKeyError):
        open_chip(Exchange(port), key, counting())
    assert len(port.sent) == 5
    assert not port.has(GET_CHALLENGE)


def test_a_blocked_chip_is_not_tried_another_way() -> None:
    port = AnsweringPort([b"\x69\x83"])
    with pytest.raises(BlockedError):
        open_chip(Exchange(port), mrz_key_of(AN), counting())
    assert len(port.sent) == 1


@pytest.mark.parametrize("sw", ["6A82", "6D00", "6E00", "6985", "6999"])
@pytest.mark.parametrize("key", [can_of(AN), mrz_key_of(AN)])
def test_a_chip_without_the_application_is_another_card(sw: str, key: AccessKey) -> None:
    port = AnsweringPort(lambda _apdu: bytes.fromhex(sw))
    with pytest.raises(OtherCardError):
        open_chip(Exchange(port), key, counting())
    assert port.sent[-1] == SELECT
    assert len(port.sent) == 4


@pytest.mark.parametrize("file", ["", "00", "3000", "3103300106", "6F0A8408A000000003000000"])
def test_a_bank_card_that_has_another_file_there_is_still_another_card(file: str) -> None:
    answers = {SET_AT: b"\x6d\x00", CARD_ACCESS_BY_SFI: bytes.fromhex(file) + b"\x90\x00"}
    port = AnsweringPort(lambda apdu: answers.get(apdu[:4], b"\x6a\x82"))
    with pytest.raises(OtherCardError):
        open_chip(Exchange(port), can_of(AN), counting())


def test_a_chip_that_insists_on_the_number_of_its_curve_is_told_it() -> None:
    port = Watched(issue().chip)

    def insists(apdu: bytes) -> bytes:
        if apdu.startswith(SET_AT) and bytes.fromhex("84010D") not in apdu:
            return b"\x6a\x88"
        return port.transmit(apdu)

    exchange = Exchange(AnsweringPort(insists))
    open_chip(exchange, can_of(AN), counting())
    assert exchange.channel is not None
    assert exchange.apdus == 8


def test_a_chip_that_breaks_pace_off_is_opened_by_bac_with_the_zone() -> None:
    chip = issue().chip

    def breaks_off(apdu: bytes) -> bytes:
        return b"\x6f\x00" if apdu[:2] == b"\x10\x86" and len(apdu) > 20 else chip.transmit(apdu)

    exchange = Exchange(AnsweringPort(breaks_off))
    open_chip(exchange, mrz_key_of(AN), counting())
    assert exchange.channel is not None


def test_opening_anew_closes_what_was_open_and_costs_no_try() -> None:
    chip = issue(manners=Manners(blocks_after=1)).chip
    exchange = Exchange(chip)
    channels = []
    for _ in range(3):
        open_chip(exchange, can_of(AN), counting())
        channels.append(exchange.channel)
    assert exchange.apdus == 18
    assert len({id(channel) for channel in channels}) == 3
