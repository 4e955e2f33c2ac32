import pytest

from catalogue.due import due_dong
from catalogue.load import load_catalogue
from catalogue.model import Service
from catalogue.terms import ChannelKind
from tests.catalogue.samples import choice, question, sample, service_of


def copies(**changes: object) -> Service:
    doc = sample(
        questions=[
            choice("who", "adult", "child"),
            question("number", "copies", lowest=1, highest=9, when=[{"question": "who", "is": "adult"}]),
        ]
    )
    doc["channels"][0]["fee"] |= {"each": "copies", **changes}
    return service_of(doc)


def test_a_fee_is_what_the_channel_says() -> None:
    assert due_dong(service_of(sample()), ChannelKind.STATION, {}) == 5_000


def test_a_way_that_is_not_offered_has_no_fee() -> None:
    assert due_dong(service_of(sample()), ChannelKind.POST, {}) is None


def test_a_fee_that_depends_is_for_the_office_to_say() -> None:
    certified = load_catalogue().services["certified-copy"]
    assert due_dong(certified, ChannelKind.STATION, {"pages": 3, "copies": 2}) is None


def test_a_fee_for_each_is_multiplied() -> None:
    assert due_dong(copies(), ChannelKind.STATION, {"who": "adult", "copies": 3}) == 15_000
    extract = load_catalogue().services["civil-status-extract"]
    assert due_dong(extract, ChannelKind.STATION, {"copies": 5}) == 40_000


@pytest.mark.parametrize("count", [None, True, -2, 0, "3", 2.5])
def test_a_count_that_is_none_counts_as_one(count: object) -> None:
    assert due_dong(copies(), ChannelKind.STATION, {"who": "adult", "copies": count}) == 5_000


def test_a_count_that_was_not_asked_for_counts_as_one() -> None:
    assert due_dong(copies(), ChannelKind.STATION, {"who": "child", "copies": 3}) == 5_000
