"""What the check finds before a station starts, with real certificates."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from edge import check
from edge.check import check_settings
from edge.settings import (
    BluetoothSettings,
    CabinSettings,
    CardSettings,
    GuideSettings,
    KioskSettings,
    ModemSettings,
    PrinterSettings,
    ServicesSettings,
    Settings,
    SpeechSettings,
    read_settings,
)
from provisioning.pki import Authority


@dataclass
class Site:
    settings: Settings
    authority: Authority
    directory: Path

    def problems(self, **changes: object) -> list[str]:
        """Return what the check says after changing keys, given as `section__key=value`."""
        settings = self.settings
        for name, value in changes.items():
            section, _, key = name.partition("__")
            part = msgspec.structs.replace(getattr(settings, section), **{key: value})
            settings = msgspec.structs.replace(settings, **{section: part})
        return [str(problem) for problem in check_settings(settings)]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    authority = Authority.create(tmp_path / "pki")
    leaf = authority.issue("st-1")
    master, slave = os.openpty()
    settings = read_settings(
        {
            "station": {"id": "st-1"},
            "broker": {
                "host": "h",
                "ca": str(authority.ca_path),
                "certificate": str(leaf.certificate),
                "key": str(leaf.key),
            },
            "journal": {"path": "data/deep/journal.db", "max_bytes": 4 << 20, "reserve_bytes": 1 << 20},
            "board": {"port": os.ttyname(slave)},
        },
        tmp_path,
    )
    yield Site(settings, authority, tmp_path)
    os.close(master)
    os.close(slave)


def test_a_good_site_has_no_problems_and_is_not_touched(site: Site) -> None:
    before = sorted(site.directory.rglob("*"))
    assert site.problems() == []
    assert sorted(site.directory.rglob("*")) == before


def test_files_that_are_not_there_are_named(site: Site) -> None:
    assert site.problems(broker__ca=Path("/none/ca.pem")) == ["broker.ca: there is no file /none/ca.pem"]
    assert site.problems(broker__key=site.directory)[0].startswith("broker.key: there is no file")


def test_a_key_that_others_may_read_is_refused(site: Site) -> None:
    key = site.settings.broker.key
    key.chmod(stat.S_IRUSR | stat.S_IRGRP)
    assert site.problems() == [f"broker.key: others may read {key}: chmod 600 it"]


def test_another_stations_certificate_is_found_out(site: Site) -> None:
    other = site.authority.issue("st-2")
    found = site.problems(broker__certificate=other.certificate, broker__key=other.key)
    assert found == ["station.id: must be the common name of broker.certificate, which is another one"]


def test_a_key_of_another_certificate_is_found_out(site: Site) -> None:
    (problem,) = site.problems(broker__key=site.authority.issue("st-2").key)
    assert problem.startswith("broker.key: does not belong to broker.certificate")


def test_a_certificate_of_another_authority_is_found_out(site: Site, tmp_path: Path) -> None:
    other = Authority.create(tmp_path / "other").issue("st-1")
    (problem,) = site.problems(broker__certificate=other.certificate, broker__key=other.key)
    assert problem.startswith("broker.certificate: the broker will refuse it: ")


def test_files_that_hold_no_certificate_are_found_out(site: Site) -> None:
    junk = site.directory / "junk.pem"
    junk.write_text("not a certificate")
    junk.chmod(0o600)
    assert site.problems(broker__ca=junk)[0].startswith("broker.ca: no certificates in")
    assert site.problems(broker__certificate=junk)[0].startswith("broker.key: does not belong")


def test_a_disk_that_is_too_small_is_found_out(site: Site) -> None:
    (problem,) = site.problems(journal__max_bytes=1 << 40)
    assert problem.startswith("journal.max_bytes: ")
    assert "lacks" in problem
    (problem,) = site.problems(journal__reserve_bytes=3 << 20)
    assert problem == "journal.max_bytes: must be at least twice journal.reserve_bytes"


def test_a_place_that_cannot_be_written_is_found_out(site: Site) -> None:
    assert site.problems(journal__path=Path("pyproject.toml/none/journal.db").absolute())[0].startswith(
        "journal.path: this user cannot"
    )


def test_ports_that_are_none_are_found_out(site: Site) -> None:
    assert site.problems(board__port="/dev/nowhere") == [
        "board.port: /dev/nowhere is not there: is the device plugged in?"
    ]
    assert site.problems(board__port="pyproject.toml") == ["board.port: pyproject.toml is no serial port"]
    same = msgspec.structs.replace(
        site.settings, modem=ModemSettings(port=site.settings.board.port, numbers=("113",))
    )
    assert [str(problem) for problem in check_settings(same)] == ["modem.port: is the same as board.port"]


def test_an_expired_certificate_is_found_out(site: Site) -> None:
    old = site.authority.issue("st-1", days=1, not_before=datetime.now(UTC) - timedelta(days=2))
    (problem,) = site.problems(broker__certificate=old.certificate, broker__key=old.key)
    assert problem == "broker.certificate: the broker will refuse it: certificate has expired"


def test_a_cabin_needs_its_screen_and_the_screen_its_pages_and_voice(site: Site) -> None:
    alone = msgspec.structs.replace(site.settings, cabin=CabinSettings())
    assert [str(problem) for problem in check_settings(alone)] == [
        "kiosk: a cabin needs a screen: write the section [kiosk]"
    ]
    pages = site.directory / "dist"
    shown = msgspec.structs.replace(
        alone,
        kiosk=KioskSettings(pages=pages, restart=("no-such-keeper", "restart")),
        speech=SpeechSettings(command=("no-such-voice",)),
    )
    assert [str(problem) for problem in check_settings(shown)] == [
        f"kiosk.pages: there are no built pages in {pages}",
        "speech.command: there is no program no-such-voice: install it, or name another",
        "kiosk.restart: there is no program no-such-keeper: install it, or name another",
    ]
    (pages / "kiosk").mkdir(parents=True)
    (pages / "kiosk" / "index.html").touch()
    spoken = msgspec.structs.replace(
        shown, kiosk=KioskSettings(pages=pages), speech=SpeechSettings(command=("cat",))
    )
    assert check_settings(spoken) == []


def test_an_adapter_that_is_not_there_is_named(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    radio = msgspec.structs.replace(site.settings, bluetooth=BluetoothSettings(adapter="hci7"))
    adapters = site.directory / "adapters"
    monkeypatch.setattr(check, "_ADAPTERS", adapters)
    assert [str(problem) for problem in check_settings(radio)] == [
        "bluetooth.adapter: this machine has no adapter hci7"
    ]
    (adapters / "hci7").mkdir(parents=True)
    assert check_settings(radio) == []


def test_the_printer_is_no_other_device(site: Site) -> None:
    same = msgspec.structs.replace(site.settings, printer=PrinterSettings(port=site.settings.board.port))
    assert [str(problem) for problem in check_settings(same)] == ["printer.port: is the same as board.port"]


def test_a_card_reader_needs_its_screen_and_its_keys(site: Site) -> None:
    none = site.directory / "none"
    card = CardSettings(trust=none, recipients=none, pseudonym_key=none, scanner="/dev/nowhere")
    reading = msgspec.structs.replace(site.settings, card=card)
    found = [str(problem) for problem in check_settings(reading)]
    assert [problem.partition(":")[0] for problem in found] == [
        "card.scanner",
        "kiosk",
        "card.trust",
        "card.recipients",
        "card.pseudonym_key",
    ]
    assert all(str(none) in problem for problem in found[2:])


def test_a_pseudonym_key_that_others_may_read_is_refused(site: Site) -> None:
    key = site.directory / "pseudonym.key"
    key.write_text("00" * 32)
    key.chmod(0o640)
    pages = site.directory / "kiosk"
    pages.mkdir()
    (pages / "index.html").touch()
    settings = msgspec.structs.replace(
        site.settings,
        card=CardSettings(pseudonym_key=key),
        kiosk=KioskSettings(pages=site.directory),
        speech=SpeechSettings(command=("cat",)),
    )
    assert [str(problem) for problem in check_settings(settings)] == [
        f"card.pseudonym_key: others may read {key}: chmod 600 it"
    ]
    key.chmod(0o600)
    assert check_settings(settings) == []


def test_services_need_their_screen_their_keys_and_a_catalogue_without_mistakes(site: Site) -> None:
    none = site.directory / "nowhere"
    offered = msgspec.structs.replace(
        site.settings, services=ServicesSettings(catalogue=none, recipients=none, wards=none)
    )
    assert [str(problem).partition(": ")[0] for problem in check_settings(offered)] == [
        "kiosk",
        "services.catalogue",
        "services.recipients",
        "services.wards",
    ]


def test_every_mistake_of_a_catalogue_is_named_with_its_file(site: Site) -> None:
    recipients, catalogue = site.directory / "recipients", site.directory / "catalogue"
    recipients.mkdir()
    catalogue.mkdir()
    for name in ("one", "two"):
        (catalogue / f"{name}.yaml").write_text("id: 1\n")
    offered = msgspec.structs.replace(
        site.settings, services=ServicesSettings(catalogue=catalogue, recipients=recipients)
    )
    told = [problem.text for problem in check_settings(offered) if problem.key == "services.catalogue"]
    assert any(text.startswith("one.yaml") for text in told)
    assert any(text.startswith("two.yaml") for text in told)
    shipped = msgspec.structs.replace(site.settings, services=ServicesSettings(recipients=recipients))
    assert [problem.key for problem in check_settings(shipped)] == ["kiosk"]


def test_a_guide_needs_services_a_safe_way_and_a_key_that_nobody_else_reads(site: Site) -> None:
    recipients, key = site.directory / "recipients", site.directory / "guide.key"
    recipients.mkdir()

    def told(guide: GuideSettings, services: ServicesSettings | None) -> list[str]:
        settings = msgspec.structs.replace(site.settings, guide=guide, services=services)
        return [str(problem).partition(": ")[0] for problem in check_settings(settings)]

    offered = ServicesSettings(recipients=recipients)
    clear = GuideSettings(url="http://models.example.vn/v1", model="small", key_file=key)
    assert told(clear, None) == ["services", "guide.url", "guide.key_file"]
    key.write_text("sk-invented")
    key.chmod(0o644)
    safe = GuideSettings(url="http://127.0.0.1:8080/v1", model="small", key_file=key)
    assert told(safe, offered) == ["kiosk", "guide.key_file"]
    key.chmod(0o600)
    assert told(safe, offered) == ["kiosk"]
    assert told(GuideSettings(url="https://models.example.vn/v1", model="small"), offered) == ["kiosk"]
