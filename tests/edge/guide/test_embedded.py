from pathlib import Path

import pytest

from catalogue.load import load_catalogue
from catalogue.model import Service
from edge.guide.embedded import OWN, build_understanding, unknown_sayings
from edge.guide.errors import PhrasesError


@pytest.fixture(scope="module")
def services() -> dict[str, Service]:
    return load_catalogue().services


def test_every_file_of_sayings_belongs_to_a_service_of_the_shipped_catalogue(
    services: dict[str, Service],
) -> None:
    assert unknown_sayings(services) == []


def test_a_service_that_was_left_out_is_noticed(services: dict[str, Service]) -> None:
    fewer = {name: service for name, service in services.items() if name != "birth"}
    assert unknown_sayings(fewer) == ["birth"]


def test_every_service_is_found_by_its_own_names(services: dict[str, Service]) -> None:
    understanding = build_understanding(services)
    for service in services.values():
        for name in (service.name.vi, service.name.en, *service.search.vi[:3]):
            understood = understanding.understand(name)
            assert service.id in understood.services, name
            assert understood.is_known or understood.services[0] != service.id, name


def test_what_this_station_does_not_offer_is_not_known(services: dict[str, Service]) -> None:
    fewer = {name: service for name, service in services.items() if not name.startswith("referral-")}
    whole, part = build_understanding(services), build_understanding(fewer)
    for said in (
        "tôi muốn mở thẻ tín dụng",
        "mua sim mới",
        "kích hoạt định danh mức 2",
        "mở tài khoản ngân hàng",
    ):
        assert whole.understand(said).is_known
        assert not part.understand(said).is_known


def test_the_station_s_own_two_are_there_whatever_the_catalogue_offers() -> None:
    understanding = build_understanding({})
    assert understanding.understand("hồ sơ của tôi tới đâu rồi").services[0] == "track"
    assert understanding.understand("cứu với").is_emergency
    assert {"track", "sos"} == OWN


def test_sayings_that_cannot_be_read_are_named(services: dict[str, Service], tmp_path: Path) -> None:
    (tmp_path / "birth.txt").write_bytes(b"\xff")
    with pytest.raises(PhrasesError, match=r"birth\.txt"):
        build_understanding(services, tmp_path)


def test_without_any_sayings_the_catalogue_s_words_do(services: dict[str, Service], tmp_path: Path) -> None:
    understood = build_understanding(services, tmp_path).understand("toi muon dong tien dien")
    assert understood.services[0] == "bill-electricity"
    assert understood.is_known
