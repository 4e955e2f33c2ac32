"""What a station hears of requests: by a code, by a person's pseudonym, and nothing for whoever guesses."""

from cloud.counter.desk import Allowance
from cloud.counter.requests import GUESSES, GUESSES_PER_S, Requests
from cloud.requests.request import Verb
from cloud.store.engine import Store
from tests.cloud.requesting import (
    OTHER_STATION,
    PERSON,
    PROOF,
    REQUEST,
    STATION,
    TRACKING,
    bring,
    do,
    submitted,
)
from wire.asking import MAX_FOUND, AskOwn, AskRequest, NotAnswered, RequestsFound
from wire.entries import RequestAction, RequestKind
from wire.tracking import tracking_code

STRANGER = "57" * 16
OTHER_PROOF = "0f" * 32


class Scene:
    """The handlers over a store, and a clock that stands."""

    def __init__(self, store: Store) -> None:
        self.now_s = 0.0
        self.requests = Requests(store, Allowance(lambda: self.now_s, GUESSES, GUESSES_PER_S))

    async def code(
        self, tracking: str = TRACKING, station: str = OTHER_STATION, *, proof: str | None = None
    ) -> RequestsFound | NotAnswered:
        return await self.requests.by_code(station, AskRequest(tracking=tracking, proof=proof))


async def test_any_station_hears_how_the_request_of_a_code_stands(store: Store) -> None:
    bring(store, submitted())
    do(store, Verb.RECEIVE)
    found = await Scene(store).code()
    assert isinstance(found, RequestsFound)
    (one,) = found.requests
    assert (one.service, one.request_kind) == ("temporary-residence", RequestKind.DOSSIER)
    assert (one.now.tracking, one.now.state) == (TRACKING, "received")
    assert RequestAction.WITHDRAW in one.now.allowed
    assert not one.now.is_owned


async def test_what_a_desk_wants_is_told_with_the_state(store: Store) -> None:
    bring(store, submitted())
    do(store, Verb.RECEIVE)
    do(store, Verb.ASK_SUPPLEMENT, reason="incomplete", wanted=("lease",))
    found = await Scene(store).code()
    assert isinstance(found, RequestsFound)
    now = found.requests[0].now
    assert (now.wanted, now.reason) == (["lease"], "incomplete")
    assert RequestAction.SUPPLEMENT in now.allowed


async def test_who_shows_the_word_of_the_receipt_holds_it(store: Store) -> None:
    bring(store, submitted())
    bring(store, submitted(2, tracking=TRACKING, proof=OTHER_PROOF))
    scene = Scene(store)
    unproven = await scene.code()
    assert isinstance(unproven, RequestsFound)
    assert [each.is_holder for each in unproven.requests] == [False, False]
    for proof, first in ((PROOF, REQUEST), (OTHER_PROOF, f"{2:032x}")):
        found = await scene.code(proof=proof)
        assert isinstance(found, RequestsFound)
        assert [each.is_holder for each in found.requests] == [True, False]
        assert found.requests[0].now.request == first


async def test_a_wrong_word_is_told_and_counts_as_a_guess(store: Store) -> None:
    bring(store, submitted())
    scene = Scene(store)
    for _ in range(GUESSES):
        assert await scene.code(proof=OTHER_PROOF) == NotAnswered(code="not-yours")
    assert await scene.code(proof=PROOF) == NotAnswered(code="too-often")


async def test_a_word_opens_nothing_that_needs_a_card(store: Store) -> None:
    bring(store, submitted(submitted_by=PERSON))
    found = await Scene(store).code(proof=PROOF)
    assert isinstance(found, RequestsFound)
    assert not found.requests[0].is_holder


async def test_guessing_is_slowed_down_at_the_station_where_it_happens(store: Store) -> None:
    bring(store, submitted())
    scene = Scene(store)
    for number in range(GUESSES):
        assert await scene.code(tracking_code(STATION, 1_000 + number)) == NotAnswered(code="unknown")
    assert await scene.code() == NotAnswered(code="too-often")
    assert isinstance(await scene.code(station=STATION), RequestsFound), "nobody guessed there"
    scene.now_s += 1 / GUESSES_PER_S
    assert isinstance(await scene.code(), RequestsFound)


async def test_a_known_code_is_no_guess_however_often_it_is_asked(store: Store) -> None:
    bring(store, submitted())
    scene = Scene(store)
    for _ in range(GUESSES + 1):
        assert isinstance(await scene.code(), RequestsFound)


async def test_a_person_hears_of_their_own_newest_requests_and_how_many_more_there_are(store: Store) -> None:
    for number in range(MAX_FOUND + 2):
        bring(store, submitted(number, submitted_by=PERSON), now_ms=1_790_000_000_000 + number * 60_000)
    bring(store, submitted(900, submitted_by=STRANGER))
    bring(store, submitted(901))
    found = await Scene(store).requests.of_person(OTHER_STATION, AskOwn(by=PERSON))
    assert (len(found.requests), found.more) == (MAX_FOUND, 2)
    codes = [each.now.tracking for each in found.requests]
    assert codes[0] == tracking_code(STATION, MAX_FOUND + 1)
    assert codes[-1] == tracking_code(STATION, 2)
    assert all(each.now.is_owned and each.is_holder for each in found.requests)


async def test_a_person_without_requests_hears_that_there_are_none(store: Store) -> None:
    bring(store, submitted(submitted_by=PERSON))
    assert await Scene(store).requests.of_person(STATION, AskOwn(by=STRANGER)) == RequestsFound(requests=[])
