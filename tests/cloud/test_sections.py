"""Sections that stand alone: their defaults, and what they refuse without repeating it."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from cloud.sections import DAY_MS, MAX_CONNECTORS, Connector, Requests, Section


def connector() -> Connector:
    return Connector.model_validate({"url": "https://portal.example.vn/", "token_file": "portal.token"})


def test_what_is_left_out_has_a_default_that_works() -> None:
    section = Requests()
    assert section.catalogue is None, "the shipped one"
    assert dict(section.connectors) == {}
    assert section.contact_key is None
    assert (section.sealed_days, section.waiting_days) == (180, 90)
    assert DAY_MS == 86_400_000


def test_a_section_is_frozen_and_knows_its_keys() -> None:
    assert issubclass(Requests, Section)
    section = Requests()
    with pytest.raises(ValidationError, match="frozen"):
        section.sealed_days = 1
    with pytest.raises(ValidationError, match="extra_forbidden"):
        Requests.model_validate({"sealed_day": 1})


def test_connectors_have_the_catalogues_kind_of_names() -> None:
    named = Requests(connectors={"civil-status": connector()}).connectors
    assert named["civil-status"].token_file == Path("portal.token")
    for name in ("", "Civil", "a b", "-a", "a--b", "x" * 49, "../x"):
        with pytest.raises(ValidationError):
            Requests(connectors={name: connector()})


def test_there_are_not_more_connectors_than_anybody_has() -> None:
    many = {f"system-{number}": connector() for number in range(MAX_CONNECTORS)}
    assert len(Requests(connectors=many).connectors) == MAX_CONNECTORS
    with pytest.raises(ValidationError, match="too_long"):
        Requests(connectors={**many, "one-more": connector()})


@pytest.mark.parametrize("url", ["", "portal", "ftp://portal.example.vn", "file:///etc/passwd"])
def test_an_address_is_one_of_the_web(url: str) -> None:
    with pytest.raises(ValidationError):
        Connector.model_validate({"url": url, "token_file": "t"})
