from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.idcard.card import CloneCheck, Step
from edge.idcard.errors import CardError, ClonedError, ForeignIssuerError, OtherPersonError, TamperedError
from edge.idcard.groups import Field, File, Group
from edge.idcard.port import Port
from edge.idcard.reader import needed_groups, read_card, read_groups
from edge.idcard.session import Session
from tests.edge.idcard.cards import (
    EVERYTHING,
    IDENTITY,
    MOMENT,
    assert_tells_nothing,
    assert_whole,
    can_of,
    read,
    trust_of,
)
from tests.edge.idcard.reading import unhurried
from tests.edge.idcard.scripted import AnsweringPort
from tests.fakes.idcard.chip import VirtualChip
from tests.fakes.idcard.issuing import IssuedCard, Personalisation, issue
from tests.fakes.idcard.people import AN, BINH

few = settings(parent=unhurried, max_examples=15)
"""Each example reads a whole card."""

DG1, DG2, DG13, DG14, DG15, SOD = 0x0101, 0x0102, 0x010D, 0x010E, 0x010F, 0x011D
PERSONAL = {File.DG1, File.DG2, File.DG13}


def read_files(monkeypatch: pytest.MonkeyPatch) -> list[File]:
    """What is read from now on, in its order."""
    order: list[File] = []
    really = Session.read

    def noted(session: Session, file: File) -> bytes:
        order.append(file)
        return really(session, file)

    monkeypatch.setattr(Session, "read", noted)
    return order


def chip_with(card: IssuedCard, fid: int, data: bytes) -> VirtualChip:
    return VirtualChip(replace(card.content, files={**card.content.files, fid: data}))


def fails(port: Port, card: IssuedCard) -> CardError:
    with pytest.raises(CardError) as caught:
        read(card, port=port, with_mrz=True)
    assert_tells_nothing(caught.value, card.person)
    return caught.value


@pytest.mark.parametrize(
    ("wanted", "with_mrz", "groups"),
    [
        (set(), False, set()),
        (set(), True, {Group.DG1}),
        ({Field.PHOTO}, False, {Group.DG2}),
        ({Field.NAME}, False, {Group.DG13}),
        ({Field.NAME, Field.PHOTO}, True, {Group.DG1, Group.DG2, Group.DG13}),
    ],
)
def test_only_the_groups_are_needed_in_which_something_wanted_stands(
    wanted: set[Field], groups: set[Group], *, with_mrz: bool
) -> None:
    assert needed_groups(frozenset(wanted), with_mrz=with_mrz) == groups


def test_the_chip_is_proven_before_anything_personal_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    order = read_files(monkeypatch)
    assert_whole(read(issue(), with_mrz=True), issue())
    assert order == [File.SOD, File.DG14, File.DG1, File.DG13, File.DG2]


@pytest.mark.parametrize(
    ("plan", "error"),
    [
        (Personalisation(cloned=True, ca=False), ClonedError),
        (Personalisation(foreign=True), ForeignIssuerError),
        (Personalisation(tampered=14), TamperedError),
    ],
)
def test_of_a_card_that_is_not_believed_nothing_personal_is_read(
    plan: Personalisation, error: type[CardError], monkeypatch: pytest.MonkeyPatch
) -> None:
    order = read_files(monkeypatch)
    card = issue(plan)
    assert isinstance(fails(card.chip, card), error)
    assert PERSONAL.isdisjoint(order)


def test_a_copy_is_found_out_when_only_its_photo_is_wanted() -> None:
    card = issue(Personalisation(cloned=True))
    with pytest.raises(ClonedError):
        read(card, wanted=frozenset({Field.PHOTO}))
    assert card.chip.apdus == 6 + 2 + 2 + 1


def test_a_copy_is_found_out_when_nothing_is_wanted() -> None:
    with pytest.raises(ClonedError):
        read(issue(Personalisation(cloned=True)), wanted=frozenset())


def test_nothing_may_be_wanted_and_the_card_is_proven_all_the_same() -> None:
    found = read(issue(), wanted=frozenset())
    assert found.fields == {}
    assert found.photo is None
    assert found.apdus == 6 + 2 + 2 + 1


@pytest.mark.parametrize(
    ("wanted", "with_mrz", "most"),
    [(IDENTITY, False, 11), (IDENTITY, True, 12), (EVERYTHING, True, 16), ({Field.PHOTO}, False, 15)],
)
def test_the_round_trips_of_a_whole_reading_are_few(wanted: set[Field], most: int, *, with_mrz: bool) -> None:
    assert read(issue(), wanted=frozenset(wanted), with_mrz=with_mrz).apdus == most


@pytest.mark.parametrize("ca", [True, False])
def test_a_card_without_a_photo_gives_the_rest(*, ca: bool) -> None:
    card = issue(Personalisation(with_photo=False, ca=ca, aa="rsa" if ca else None))
    steps: list[Step] = []
    found = read_card(
        card.chip, can_of(AN), EVERYTHING, trust=trust_of(card), moment=MOMENT, tell=steps.append
    )
    proof = CloneCheck.CHIP_AUTHENTICATION if ca else CloneCheck.NOT_SUPPORTED
    assert_whole(found, card, proof, with_photo=False)
    assert steps == [Step.OPENING, Step.READING, Step.PROVING]


@pytest.mark.parametrize("fid", [DG1, DG2, DG13])
def test_a_group_that_another_card_s_issuer_signed_is_not_this_card_s(fid: int) -> None:
    card, other = issue(), issue(Personalisation(person=BINH))
    foreign = other.content.files[fid] if fid != DG2 else card.content.files[fid][:-1] + b"\0"
    assert isinstance(fails(chip_with(card, fid, foreign), card), TamperedError)


def test_a_zone_of_another_person_is_another_person_though_both_are_signed() -> None:
    card = issue(Personalisation(zone_of=BINH))
    with pytest.raises(OtherPersonError):
        read(card, with_mrz=True)


def test_groups_are_read_in_the_order_of_their_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    order = read_files(monkeypatch)
    card = issue()
    session = Session(card.chip, can_of(AN))
    session.open()
    found = read_groups(session, {Group.DG13, Group.DG1})
    assert list(found) == [Group.DG1, Group.DG13]
    assert order == [File.DG1, File.DG13]


@pytest.mark.parametrize("fid", [DG1, DG2, DG13, DG14, DG15, SOD])
@few
@given(data=st.data())
def test_any_file_in_the_place_of_one_is_an_error_that_tells_nothing(fid: int, data: st.DataObject) -> None:
    card = issue(Personalisation(ca=fid != DG15))
    right = card.content.files[fid]
    junk = st.one_of(st.binary(max_size=64), st.binary(max_size=64).map(lambda tail: right[:60] + tail))
    fails(chip_with(card, fid, data.draw(junk)), card)


@unhurried
@given(st.lists(st.binary(max_size=40), max_size=12))
def test_a_port_that_answers_any_bytes_gives_an_error(answers: list[bytes]) -> None:
    left = iter(answers)
    port = AnsweringPort(lambda _apdu: next(left, b"\x6f\x00"))
    fails(port, issue())


@few
@given(at=st.integers(1, 30), junk=st.binary(max_size=60))
def test_any_bytes_in_the_place_of_one_answer_are_an_error_or_change_nothing(at: int, junk: bytes) -> None:
    card = issue()
    port = AnsweringPort(_junk_at(card.chip.transmit, at, junk))
    try:
        found = read(card, port=port, with_mrz=True)
    except CardError as error:
        assert_tells_nothing(error, card.person)
    else:
        assert_whole(found, card)


def _junk_at(transmit: Callable[[bytes], bytes], at: int, junk: bytes) -> Callable[[bytes], bytes]:
    seen = iter(range(1, 10_000))
    return lambda apdu: junk if next(seen) == at else transmit(apdu)
