"""What goes out by a connector, what comes back, and what happens when it does not."""

import pytest

from cloud.connectors.errors import AnswerError, OutOfReachError
from cloud.connectors.port import NotTakenError, Standing, UnknownNumberError
from cloud.requests.request import Decision, State, Verb
from cloud.route.carrier import BATCH, LEASE_MS, Carrier
from cloud.route.retry import FIRST_RETRY_MS, MAX_ATTEMPTS
from cloud.store import errands, request_retention, request_routes
from tests.cloud.requesting import (
    AMENDMENT,
    NOW_MS,
    REQUEST,
    amended,
    bring,
    do,
    load,
    news,
    submitted,
)
from tests.cloud.route.road import CASE, HOUR_MS, ScriptedConnector, SetClock, asked, dead
from tests.cloud.sharing import sealed
from wire.entries import RequestAction


async def test_a_submission_is_handed_over_once_as_it_was_sealed(
    carrier: Carrier, far_end: ScriptedConnector
) -> None:
    assert [await carrier.carry_due(), await carrier.carry_due()] == [1, 0]
    (handed,) = far_end.handed
    assert (handed.key, handed.service, handed.authority) == (REQUEST, "temporary-residence", "ward-police")
    assert (handed.sealed, handed.fields, handed.blobs) == (sealed(), ("number",), (("0f" * 32, 250_000),))
    assert (handed.action, handed.outside) == (None, None)


async def test_a_far_end_that_is_away_is_tried_again_with_the_same_key(
    carrier: Carrier, far_end: ScriptedConnector, clock: SetClock
) -> None:
    far_end.numbers = [OutOfReachError("portal: no answer"), AnswerError("portal: not an answer"), CASE]
    assert await carrier.carry_due() == 1
    assert await carrier.carry_due() == 0
    clock.at_ms += FIRST_RETRY_MS
    assert await carrier.carry_due() == 1
    clock.at_ms += 2 * FIRST_RETRY_MS
    assert await carrier.carry_due() == 1
    assert [each.key for each in far_end.handed] == [REQUEST] * 3
    assert dead(carrier.store) == []


async def test_what_will_never_be_taken_is_a_dead_letter_at_once(
    carrier: Carrier, far_end: ScriptedConnector
) -> None:
    far_end.numbers = [NotTakenError("service-moved")]
    await carrier.carry_due()
    (letter,) = dead(carrier.store)
    assert (letter.request, letter.attempts, letter.detail) == (REQUEST, 1, "not taken: service-moved")


async def test_what_never_arrives_is_given_up_and_can_be_sent_again_by_hand(
    carrier: Carrier, far_end: ScriptedConnector, clock: SetClock
) -> None:
    far_end.numbers = [OutOfReachError("portal: no answer")]
    for _ in range(MAX_ATTEMPTS):
        assert await carrier.carry_due() == 1
        clock.at_ms += 2 * HOUR_MS
    assert await carrier.carry_due() == 0
    (letter,) = dead(carrier.store)
    far_end.numbers = [CASE]
    with carrier.store.writing() as connection:
        assert errands.revive(connection, letter.id, clock.at_ms)
    assert await carrier.carry_due() == 1
    assert dead(carrier.store) == []


async def test_a_fault_of_our_own_loses_nothing(
    carrier: Carrier, far_end: ScriptedConnector, clock: SetClock
) -> None:
    far_end.numbers = [ZeroDivisionError(), CASE]
    await carrier.carry_due()
    clock.at_ms += FIRST_RETRY_MS
    assert await carrier.carry_due() == 1
    assert dead(carrier.store) == []


async def test_a_carrier_that_died_is_followed_by_one_that_carries_it_again(
    carrier: Carrier, far_end: ScriptedConnector, clock: SetClock
) -> None:
    assert carrier._claim() is not None
    assert await carrier.carry_due() == 0
    clock.at_ms += LEASE_MS
    assert await carrier.carry_due() == 1
    assert len(far_end.handed) == 1


async def test_a_carrier_that_dies_leaves_only_what_it_has_in_hand_to_its_lease(
    carrier: Carrier, far_end: ScriptedConnector
) -> None:
    bring(carrier.store, *(submitted(number) for number in range(1, BATCH + 3)))
    with carrier.store.writing() as connection:
        new = [(f"{number:032x}", "one-stop", carrier.connector.name) for number in range(1, BATCH + 3)]
        request_routes.route(connection, new, NOW_MS)
    assert carrier._claim() is not None
    assert await carrier.carry_due() == BATCH, "a batch at most, so that others have their turn"
    assert await carrier.carry_due() == 2
    assert len({handover.key for handover in far_end.handed}) == BATCH + 2


async def test_what_is_gone_cannot_be_handed_over_and_says_so(carrier: Carrier) -> None:
    do(carrier.store, Verb.REFUSE, reason="incomplete")
    with carrier.store.writing() as connection:
        request_retention.sweep_sealed(connection, NOW_MS + HOUR_MS, 10)
    await carrier.carry_due()
    assert [each.detail for each in dead(carrier.store)] == ["what was sealed is gone"]


async def test_what_comes_later_follows_under_its_own_key_to_the_same_case(
    carrier: Carrier, far_end: ScriptedConnector
) -> None:
    do(carrier.store, Verb.RECEIVE)
    do(carrier.store, Verb.ASK_SUPPLEMENT, reason="incomplete", wanted=("birth-certificate",))
    bring(carrier.store, amended(RequestAction.SUPPLEMENT, sealed=sealed(b"more")))
    await carrier.carry_due()
    await carrier.carry_due()
    first, second = far_end.handed
    assert (first.key, first.outside) == (REQUEST, None)
    assert (second.key, second.outside, second.action) == (AMENDMENT, CASE, "supplement")
    assert second.sealed == sealed(b"more")


async def test_a_withdrawal_needs_nothing_sealed(carrier: Carrier, far_end: ScriptedConnector) -> None:
    bring(carrier.store, amended())
    await carrier.carry_due()
    await carrier.carry_due()
    assert [(each.action, each.sealed) for each in far_end.handed][1] == ("withdraw", None)


async def test_news_of_the_far_end_become_events_and_go_down_to_the_station(
    carrier: Carrier, far_end: ScriptedConnector, clock: SetClock
) -> None:
    far_end.standings = [
        Standing(word="Đã xử lý xong", state=State.RESULT_READY, decision=Decision.GRANTED, case_number=CASE)
    ]
    await asked(carrier, clock)
    request = load(carrier.store)
    assert (request.state, request.decision, request.case_number) == (
        State.RESULT_READY,
        Decision.GRANTED,
        CASE,
    )
    assert [(each.state, each.case_number) for each in news(carrier.store)] == [("result-ready", CASE)]
    assert far_end.asked == [CASE]


async def test_the_same_news_again_change_nothing(
    carrier: Carrier, far_end: ScriptedConnector, clock: SetClock
) -> None:
    far_end.standings = [Standing(word="Đang xử lý", state=State.PROCESSING)]
    await asked(carrier, clock)
    clock.at_ms += HOUR_MS
    assert await carrier.poll_due() == 1
    assert load(carrier.store).version == 2


@pytest.mark.parametrize(
    "standing",
    [
        Standing(word="Chờ ý kiến", state=None),
        Standing(word="Đã đặt lịch", state=State.BOOKED),
        OutOfReachError("portal: no answer"),
        AnswerError("portal: another case than asked for"),
        UnknownNumberError("portal: no such case"),
    ],
)
async def test_news_that_make_no_sense_change_nothing_and_are_asked_for_again(
    carrier: Carrier, far_end: ScriptedConnector, clock: SetClock, standing: Standing | Exception
) -> None:
    far_end.standings = [standing]
    await asked(carrier, clock)
    assert (load(carrier.store).state, load(carrier.store).version) == (State.SUBMITTED, 1)
    clock.at_ms += HOUR_MS
    assert await carrier.poll_due() == 1


async def test_what_another_system_has_not_noticed_yet_does_not_undo_what_the_person_did(
    carrier: Carrier, far_end: ScriptedConnector, clock: SetClock
) -> None:
    """The far end still says "bring papers" for a while after they were brought."""
    far_end.standings = [Standing(word="Yêu cầu bổ sung giấy tờ", state=State.SUPPLEMENT_WANTED)]
    await asked(carrier, clock)
    clock.at_ms += HOUR_MS
    bring(carrier.store, amended(RequestAction.SUPPLEMENT), now_ms=clock.at_ms)
    assert await carrier.poll_due() == 0, "it has not been told yet"
    assert await carrier.carry_due() == 1
    assert await carrier.poll_due() == 1
    assert load(carrier.store).state is State.SUPPLEMENTED
    clock.at_ms += HOUR_MS
    assert await carrier.poll_due() == 1
    assert load(carrier.store).state is State.SUPPLEMENT_WANTED, "it is asked for again"


async def test_an_answer_that_is_older_than_what_we_know_is_not_taken_over(
    carrier: Carrier, far_end: ScriptedConnector, clock: SetClock
) -> None:
    far_end.standings = [Standing(word="Đang xử lý", state=State.PROCESSING)]
    await carrier.carry_due()
    clock.at_ms += HOUR_MS
    (poll,) = carrier._polls()
    standing = await far_end.status(poll.number)
    do(carrier.store, Verb.RECEIVE)
    carrier._follow(poll, standing)
    assert load(carrier.store).state is State.RECEIVED


async def test_what_has_ended_is_not_asked_about(
    carrier: Carrier, far_end: ScriptedConnector, clock: SetClock
) -> None:
    far_end.standings = [Standing(word="Không được tiếp nhận", state=State.REFUSED, reason="incomplete")]
    await asked(carrier, clock)
    assert load(carrier.store).reason == "incomplete"
    clock.at_ms += 24 * HOUR_MS
    assert await carrier.poll_due() == 0
