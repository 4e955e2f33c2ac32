"""Return codes become errors that say who can do something about them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.drivers.card.errors import Code, PcscError, card_error, require
from edge.idcard.errors import CardError, CardFault, ReaderGoneError


def test_success_is_no_error() -> None:
    require("listing the readers", 0)


@pytest.mark.parametrize("code", [Code.NO_SERVICE, Code.NO_SERVICE - (1 << 32)], ids=["unsigned", "signed"])
def test_an_error_names_what_was_done_and_the_code(code: int) -> None:
    with pytest.raises(PcscError) as caught:
        require("listing the readers", code)
    assert str(caught.value) == "listing the readers: no service, 8010001D"
    assert caught.value.code == Code.NO_SERVICE


def test_an_unknown_code_is_told_by_its_number() -> None:
    assert str(PcscError("listing the readers", 0x8010_0FFF)) == "listing the readers: 80100FFF"


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (Code.NO_SMARTCARD, CardFault.GONE),
        (Code.REMOVED_CARD, CardFault.GONE),
        (Code.NOT_TRANSACTED, CardFault.SILENT),
        (Code.UNRESPONSIVE_CARD, CardFault.SILENT),
        (Code.UNPOWERED_CARD, CardFault.SILENT),
        (Code.SHARING_VIOLATION, CardFault.SILENT),
        (Code.TIMEOUT, CardFault.SILENT),
        (Code.NO_SERVICE, CardFault.NO_READER),
        (Code.COMM_ERROR, CardFault.NO_READER),
        (Code.SERVICE_STOPPED, CardFault.NO_READER),
        (Code.READER_UNAVAILABLE, CardFault.NO_READER),
        (Code.UNKNOWN_READER, CardFault.NO_READER),
        (Code.SECURITY_VIOLATION, CardFault.NO_READER),
    ],
)
def test_a_code_means_a_fault_of_card_or_reader(code: Code, fault: CardFault) -> None:
    assert card_error(PcscError("sending", code)).fault is fault


@given(code=st.integers(1, 0xFFFF_FFFF))
def test_every_code_is_a_card_error(code: int) -> None:
    error = card_error(PcscError("sending", code))
    assert isinstance(error, CardError)
    assert isinstance(error, ReaderGoneError) == (error.fault is CardFault.NO_READER)
