"""A card beside a service that is being filled in: what the person leaves in goes over to it, and leaves the station not."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from edge.idcard.card import Proof
from edge.idcard.groups import Field
from edge.identity.identity import Identity
from edge.identity.purposes import Gives, Purpose
from edge.identity.view import Action, Page
from edge.settings import CardSettings
from tests.edge.identity.conftest import Place, a_place
from tests.edge.identity.visits import FIELDS, PROOF
from wire.entries import IdentityConsented

BIRTH = Purpose(
    name="birth",
    gives=Gives.PREFILL,
    fields=(Field.NUMBER, Field.NAME, Field.RESIDENCE),
    needed=frozenset({Field.NUMBER, Field.NAME}),
    recipient="ward-committee",
)


@dataclass
class ScriptedForm:
    """A service that wants a card, or not."""

    wished: Purpose | None = BIRTH
    is_free: bool = False
    takes: bool = True
    taken: list[tuple[str, Mapping[Field, str], Proof]] = field(default_factory=list)

    def take(self, purpose: Purpose, fields: Mapping[Field, str], proof: Proof) -> bool:
        if self.takes:
            self.taken.append((purpose.name, dict(fields), proof))
            self.wished = None
        return self.takes

    def touched(self) -> None:
        """Neighbour tells it; see tests/edge/test_card_counter.py."""


@dataclass
class Desk:
    place: Place
    form: ScriptedForm


@asynccontextmanager
async def a_desk(path: Path) -> AsyncIterator[Desk]:
    form = ScriptedForm()
    async with a_place(path) as place:
        identity = Identity(
            CardSettings(), place.desk, place.neighbour, place.identity._sending, place.clock, filling=form
        )
        identity.reader_changed(is_ok=True)
        task = asyncio.create_task(identity.run(), name="identity-with-services")
        place.identity = identity
        place.neighbour.is_free = False
        try:
            yield Desk(place, form)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path) as desk:
        yield desk


async def test_the_fields_go_over_and_the_screen_goes_back_to_the_service(desk: Desk) -> None:
    await desk.place.review("birth")
    desk.place.act(Action.REMOVE, field=Field.RESIDENCE)
    desk.place.act(Action.SEND, text_version="identity-prefill-1")
    fields = {name: FIELDS[name] for name in (Field.NUMBER, Field.NAME)}
    assert desk.form.taken == [("birth", fields, PROOF)]
    assert desk.place.at() is Page.NONE
    assert desk.place.identity.view.outcome is None
    assert desk.place.identity._state.visit is None


async def test_nothing_leaves_the_station_but_that_somebody_agreed(desk: Desk) -> None:
    await desk.place.review("birth")
    desk.place.act(Action.SEND, text_version="identity-prefill-1")
    assert [type(body) for body in await desk.place.bodies()] == [IdentityConsented]


async def test_a_card_laid_on_while_a_service_wants_one_is_for_that_service(desk: Desk) -> None:
    desk.place.identity.card_in(7)
    assert desk.place.at() is Page.CONSENT
    assert desk.place.identity.view.purpose is not None
    assert (desk.place.identity.view.purpose.purpose, desk.place.identity.view.purpose.gives) == (
        "birth",
        Gives.PREFILL,
    )


async def test_a_card_laid_on_while_a_service_wants_none_opens_nothing(desk: Desk) -> None:
    desk.form.wished = None
    desk.place.identity.card_in(7)
    assert desk.place.at() is Page.NONE


async def test_a_service_that_takes_nothing_any_more_is_told_and_nothing_else_happens(desk: Desk) -> None:
    desk.form.takes = False
    await desk.place.review("birth")
    desk.place.act(Action.SEND, text_version="identity-prefill-1")
    assert desk.place.at() is Page.TROUBLE
    assert desk.place.identity.view.trouble is not None
    assert desk.place.identity.view.trouble.fault == "too-late"
    assert Action.RETRY not in desk.place.identity.view.actions


async def test_what_is_needed_cannot_be_taken_out(desk: Desk) -> None:
    await desk.place.review("birth")
    needed = {row.field for row in desk.place.identity.view.fields if row.is_needed}
    assert needed == {Field.NUMBER, Field.NAME}


async def test_where_services_are_filled_in_they_are_the_only_way_to_send_something(desk: Desk) -> None:
    desk.form.wished = None
    desk.place.act(Action.OPEN)
    assert desk.place.identity.view.purpose is not None
    assert desk.place.identity.view.purpose.purpose == "card-check"


async def test_the_cabin_s_question_comes_before_a_service_s_wish(desk: Desk) -> None:
    desk.place.neighbour.can_bind = True
    desk.place.identity.card_in(7)
    assert desk.place.identity.view.purpose is not None
    assert desk.place.identity.view.purpose.purpose == "cabin-history"


async def test_the_card_may_be_taken_away_once_its_fields_went_over(desk: Desk) -> None:
    await desk.place.review("birth")
    desk.place.act(Action.SEND, text_version="identity-prefill-1")
    desk.place.identity.card_out(7)
    assert desk.place.at() is Page.NONE
