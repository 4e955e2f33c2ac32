"""Messages to people who left a number: of the newest state, and the number stays nowhere."""

from dataclasses import dataclass, field

import pytest

from cloud.notify.port import Delivered, Failed
from cloud.notify.request_sms import RequestNotice
from cloud.requests.request import State, Verb
from cloud.route.assign import run_clock
from cloud.route.messenger import Messenger
from cloud.route.retry import FIRST_RETRY_MS
from cloud.store import request_retention
from cloud.store.engine import Store
from cloud.store.errands import MESSAGES
from tests.cloud.requesting import (
    CONTACT,
    NOW_MS,
    OFFICES,
    REQUEST,
    TRACKING,
    amended,
    bring,
    do,
    load,
    submitted,
)
from tests.cloud.requests.samples import DAY_MS
from tests.cloud.route.road import SetClock, dead

PHONE = "+84900000001"


@dataclass
class Opener:
    """Opens the one contact that is invented here."""

    phone: str | None = PHONE

    def open(self, sealed: bytes) -> str | None:
        assert sealed == CONTACT
        return self.phone


@dataclass
class Teller:
    """Keeps what it was told, and answers what it was told to."""

    answer: Delivered | Failed | Exception = field(default_factory=Delivered)
    told: list[tuple[str, RequestNotice]] = field(default_factory=list)

    def tell(self, phone: str, notice: RequestNotice) -> Delivered | Failed:
        self.told.append((phone, notice))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW_MS + 2_000)


@pytest.fixture
def teller() -> Teller:
    return Teller()


@pytest.fixture
def messenger(store: Store, clock: SetClock, teller: Teller) -> Messenger:
    bring(store, submitted(contact=CONTACT))
    return Messenger(store, OFFICES, clock, Opener(), teller, jitter=lambda: 0.0)


def test_a_change_is_told_once(messenger: Messenger, teller: Teller) -> None:
    assert messenger.send_due() == 0
    do(messenger.store, Verb.RECEIVE)
    assert [messenger.send_due(), messenger.send_due()] == [1, 0]
    notice = RequestNotice(key=f"{REQUEST}-2", tracking=TRACKING, state=State.RECEIVED)
    assert teller.told == [(PHONE, notice)], "the desk's own deadline is not the person's"


def test_who_has_to_act_is_told_by_when(messenger: Messenger, teller: Teller) -> None:
    do(messenger.store, Verb.RECEIVE)
    do(messenger.store, Verb.ASK_FEE)
    assert messenger.send_due() == 1
    ((_, notice),) = teller.told
    assert (notice.state, notice.due_at_ms) == (State.FEE_WANTED, load(messenger.store).due_at_ms)


def test_a_desk_that_runs_late_says_sorry(messenger: Messenger, teller: Teller, clock: SetClock) -> None:
    clock.at_ms = NOW_MS + 5 * DAY_MS
    run_clock(messenger.store, OFFICES, clock())
    messenger.send_due()
    ((_, notice),) = teller.told
    assert (notice.state, notice.is_late) == (State.SUBMITTED, True)


def test_nobody_is_told_what_he_did_himself(messenger: Messenger) -> None:
    bring(messenger.store, amended())
    assert messenger.send_due() == 0


def test_a_gateway_that_is_away_is_asked_again_with_the_same_key(
    messenger: Messenger, teller: Teller, clock: SetClock
) -> None:
    teller.answer = Failed("gateway: HTTP 503")
    do(messenger.store, Verb.RECEIVE)
    messenger.send_due()
    teller.answer = Delivered()
    clock.at_ms += FIRST_RETRY_MS
    assert messenger.send_due() == 1
    assert len({notice.key for _, notice in teller.told}) == 1
    assert dead(messenger.store) == []


def test_a_number_that_the_gateway_refuses_is_a_dead_letter_without_the_number(
    messenger: Messenger, teller: Teller
) -> None:
    teller.answer = Failed("gateway: HTTP 400", is_final=True)
    do(messenger.store, Verb.RECEIVE)
    messenger.send_due()
    (letter,) = dead(messenger.store)
    assert (letter.channel, letter.detail) == (MESSAGES, "gateway: HTTP 400")
    assert PHONE not in repr(letter)


def test_a_fault_of_our_own_says_no_number_either(
    messenger: Messenger, teller: Teller, capsys: pytest.CaptureFixture[str]
) -> None:
    teller.answer = ValueError(PHONE)
    do(messenger.store, Verb.RECEIVE)
    messenger.send_due()
    assert dead(messenger.store) == []
    captured = capsys.readouterr()
    assert PHONE not in captured.out + captured.err


def test_without_a_way_to_send_it_says_so(messenger: Messenger) -> None:
    do(messenger.store, Verb.RECEIVE)
    assert Messenger(messenger.store, OFFICES, messenger.clock).send_due() == 1
    assert [each.detail for each in dead(messenger.store)] == ["messages: this way is not configured"]


def test_what_is_not_ours_to_open_stays_shut(messenger: Messenger, teller: Teller) -> None:
    do(messenger.store, Verb.RECEIVE)
    Messenger(messenger.store, OFFICES, messenger.clock, Opener(None), teller).send_due()
    assert [each.detail for each in dead(messenger.store)] == ["contact: gone, or not for us to open"]
    assert teller.told == []


def test_a_contact_that_was_deleted_meanwhile_is_gone(messenger: Messenger, teller: Teller) -> None:
    do(messenger.store, Verb.REFUSE, reason="incomplete")
    with messenger.store.writing() as connection:
        request_retention.sweep_sealed(connection, NOW_MS + DAY_MS, 10)
    messenger.send_due()
    assert teller.told == []
    assert len(dead(messenger.store)) == 1
