"""Whole cards, read whole: every way in, every length of answer, every proof. And how many round trips it takes."""

from collections.abc import Callable

import pytest

from edge.idcard.access import Way
from edge.idcard.blocks import Blocks
from edge.idcard.card import AccessKey, CloneCheck, Issuer, Step
from edge.idcard.groups import Field, Group
from edge.idcard.reader import read_card, read_groups
from edge.idcard.session import Session
from tests.edge.idcard.cards import (
    EVERYTHING,
    IDENTITY,
    MOMENT,
    assert_whole,
    can_of,
    fields_of,
    mrz_key_of,
    read,
    trust_of,
)
from tests.fakes.idcard import ber
from tests.fakes.idcard.groups import Nesting
from tests.fakes.idcard.issuing import Aa, IssuedCard, Personalisation, issue
from tests.fakes.idcard.keys import Suite
from tests.fakes.idcard.manners import Answers, AtEnd, Manners
from tests.fakes.idcard.pace import Profile
from tests.fakes.idcard.people import AN, BINH, PEOPLE, Person

KeyOf = Callable[[Person], AccessKey]
WAYS_IN = [
    pytest.param(True, can_of, id="pace-can"),
    pytest.param(True, mrz_key_of, id="pace-mrz"),
    pytest.param(False, mrz_key_of, id="bac"),
]
PROOFS = [
    pytest.param(True, "ecdsa", CloneCheck.CHIP_AUTHENTICATION, id="ca"),
    pytest.param(False, "ecdsa", CloneCheck.ACTIVE_AUTHENTICATION, id="aa-ecdsa"),
    pytest.param(False, "rsa", CloneCheck.ACTIVE_AUTHENTICATION, id="aa-rsa"),
    pytest.param(False, None, CloneCheck.NOT_SUPPORTED, id="neither"),
]
SHORT = Manners(extended=False)


@pytest.mark.parametrize(("pace", "key_of"), WAYS_IN)
@pytest.mark.parametrize(("ca", "aa", "clone_check"), PROOFS)
@pytest.mark.parametrize("extended", [True, False], ids=["long", "short"])
@pytest.mark.parametrize("with_photo", [True, False], ids=["photo", "no-photo"])
def test_every_kind_of_card_is_read_whole(
    key_of: KeyOf,
    aa: Aa | None,
    clone_check: CloneCheck,
    *,
    pace: bool,
    ca: bool,
    extended: bool,
    with_photo: bool,
) -> None:
    plan = Personalisation(pace=pace, ca=ca, aa=aa, with_photo=with_photo)
    card = issue(plan, Manners(extended=extended))
    found = read(card, key_of(card.person), with_mrz=True)
    assert_whole(found, card, clone_check, with_photo=with_photo)
    assert found.apdus == card.chip.apdus


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.number)
@pytest.mark.parametrize("nesting", Nesting)
def test_every_person_and_every_nesting_is_read(person: Person, nesting: Nesting) -> None:
    card = issue(Personalisation(person=person, nesting=nesting))
    assert_whole(read(card, with_mrz=True), card)


@pytest.mark.parametrize(("ca", "aa", "clone_check"), PROOFS)
def test_curves_that_are_written_out_are_as_good(aa: Aa | None, clone_check: CloneCheck, *, ca: bool) -> None:
    card = issue(Personalisation(explicit_parameters=True, ca=ca, aa=aa))
    assert_whole(read(card), card, clone_check)


@pytest.mark.parametrize("suite", Suite)
@pytest.mark.parametrize("key_id", [None, 7])
def test_chip_authentication_is_done_with_every_cipher_and_with_a_numbered_key(
    suite: Suite, key_id: int | None
) -> None:
    card = issue(Personalisation(ca_suite=suite, ca_key_id=key_id))
    assert_whole(read(card), card)


@pytest.mark.parametrize("digest", ["sha1", "sha224", "sha256", "sha384", "sha512"])
def test_active_authentication_is_done_with_every_hash(digest: str) -> None:
    card = issue(Personalisation(ca=False, aa="rsa", aa_digest=digest))
    assert_whole(read(card), card, CloneCheck.ACTIVE_AUTHENTICATION)


@pytest.mark.parametrize(
    "profile",
    [
        Profile(Suite.AES_192, 16),
        Profile(Suite.AES_256, 17),
        Profile(Suite.AES_256, 13),
    ],
    ids=lambda profile: f"{profile.suite.name}-{profile.parameter_id}",
)
def test_a_chip_that_speaks_another_pace_is_asked_which(profile: Profile) -> None:
    card = issue(Personalisation(profile=profile))
    assert_whole(read(card), card)


def test_of_the_ways_that_a_chip_tells_the_first_known_one_is_taken() -> None:
    integrated = ber.sequence(ber.oid("0.4.0.127.0.7.2.2.4.4.2"), ber.integer(2), ber.integer(13))
    profile = Profile(Suite.AES_192, 16)
    card = issue(Personalisation(profile=profile, card_access=ber.tlv(0x31, integrated, profile.info)))
    assert_whole(read(card), card)


@pytest.mark.parametrize("answers", Answers)
@pytest.mark.parametrize("at_end", AtEnd)
@pytest.mark.parametrize(("pace", "key_of"), WAYS_IN)
def test_answers_may_come_in_every_way_that_the_standard_allows(
    answers: Answers, at_end: AtEnd, key_of: KeyOf, *, pace: bool
) -> None:
    manners = Manners(extended=False, answers=answers, at_end=at_end)
    card = issue(Personalisation(pace=pace, ca=False, aa="rsa"), manners)
    found = read(card, key_of(card.person), with_mrz=True)
    assert_whole(found, card, CloneCheck.ACTIVE_AUTHENTICATION)


@pytest.mark.parametrize("answers", Answers)
@pytest.mark.parametrize("at_end", AtEnd)
def test_a_chip_of_long_answers_has_its_own_way_too(answers: Answers, at_end: AtEnd) -> None:
    card = issue(manners=Manners(answers=answers, at_end=at_end))
    assert_whole(read(card, with_mrz=True), card)


@pytest.mark.parametrize("largest_read", [1000, 255, 90])
def test_a_chip_may_give_less_than_it_is_asked_for(largest_read: int) -> None:
    card = issue(manners=Manners(largest_read=largest_read))
    assert_whole(read(card, with_mrz=True), card)


def test_a_chip_that_is_lenient_about_le_is_read_the_same() -> None:
    card = issue(manners=Manners(strict=False))
    assert_whole(read(card), card)


def test_only_what_is_wanted_is_read() -> None:
    card = issue()
    found = read(card, wanted=frozenset({Field.NAME, Field.BIRTH}))
    assert found.fields == {Field.NAME: AN.name, Field.BIRTH: "17/05/2003"}
    assert found.photo is None
    only_photo = read(issue(), wanted=frozenset({Field.PHOTO}))
    assert only_photo.photo is not None
    assert only_photo.fields == {}


def test_without_a_trust_store_all_is_read_and_the_issuer_is_not_checked() -> None:
    card = issue(Personalisation(foreign=True))
    found = read_card(card.chip, can_of(AN), IDENTITY, trust=None, moment=MOMENT)
    assert found.fields == fields_of(AN)
    assert found.proof.issuer is Issuer.NOT_CHECKED
    assert found.proof.clone_check is CloneCheck.CHIP_AUTHENTICATION


def test_who_waits_is_told_how_far_it_is_and_a_slow_card_is_only_slow() -> None:
    pauses: list[None] = []
    card = issue(manners=Manners(pause=lambda: pauses.append(None)))
    steps: list[Step] = []
    found = read_card(
        card.chip, can_of(AN), EVERYTHING, trust=trust_of(card), moment=MOMENT, tell=steps.append
    )
    assert_whole(found, card)
    assert steps == [Step.OPENING, Step.READING, Step.PHOTO, Step.PROVING]
    assert len(pauses) == found.apdus


def test_one_card_after_the_other_is_read_and_what_was_learnt_of_lengths_is_kept() -> None:
    blocks = Blocks()
    probing = read(issue(manners=SHORT), blocks=blocks)
    assert not blocks.is_long
    knowing = read(issue(Personalisation(person=BINH), SHORT), blocks=blocks)
    assert knowing.apdus < probing.apdus
    assert knowing.fields == fields_of(BINH)


@pytest.mark.parametrize(
    ("way", "extended", "most"),
    [(Way.PACE, True, 10), (Way.PACE, False, 12), (Way.BAC, True, 5), (Way.BAC, False, 7)],
)
def test_who_somebody_is_takes_few_round_trips(way: Way, most: int, *, extended: bool) -> None:
    card = issue(manners=Manners(extended=extended))
    session = Session(
        card.chip,
        mrz_key_of(AN),
        blocks=Blocks(None if extended else 256),
        ways=frozenset({way}),
    )
    session.open()
    groups = read_groups(session, {Group.DG1, Group.DG13})
    assert groups == {Group.DG1: card.groups[1], Group.DG13: card.groups[13]}
    assert card.chip.apdus <= most


@pytest.mark.parametrize(("extended", "most"), [(True, 21), (False, 91)])
def test_everything_with_photo_and_proof_takes_as_many_as_it_must(most: int, *, extended: bool) -> None:
    card = issue(manners=Manners(extended=extended))
    found = read(card, blocks=Blocks(None if extended else 256), with_mrz=True)
    assert_whole(found, card)
    assert found.apdus <= most


def test_what_a_card_was_read_into_shows_nothing_of_it() -> None:
    card: IssuedCard = issue(Personalisation(person=BINH))
    text = repr(read(card, with_mrz=True))
    for value in fields_of(BINH).values():
        assert value not in text
