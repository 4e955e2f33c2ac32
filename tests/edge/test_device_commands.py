"""`tcds-edge devices` as a technician uses it, on a machine without a radio and with virtual ports."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from edge.cli import app
from edge.registry import Registry
from edge.settings import load_settings
from tests.fakes.instruments.pm6750 import VirtualPm6750
from tests.rig.broker import Broker
from tests.rig.processes import free_port
from tests.rig.station import write_settings


@pytest.fixture
def config(tmp_path: Path, certified: Broker) -> Path:
    return write_settings(tmp_path, certified, "st-desk", port=free_port())


def call(config: Path, *arguments: str, answers: str = "") -> Result:
    return CliRunner().invoke(app, ["devices", *arguments, "-c", str(config)], input=answers)


def pair(config: Path, name: str = "module") -> Result:
    return call(config, "pair", name, f"/dev/{name}", "--driver", "berrymed-pm6750", "--place", "Trên tường")


def test_help_explains_every_command() -> None:
    shown = " ".join(CliRunner().invoke(app, ["devices", "--help"], env={"COLUMNS": "120"}).stdout.split())
    for word in ("scan", "pair", "list", "forget", "test", "change", "daemon may be running"):
        assert word in shown


def test_what_is_paired_is_listed_with_its_calibration(config: Path) -> None:
    assert "No device is paired" in call(config, "list").stdout
    assert "Paired: module" in pair(config).stdout
    listed = call(config, "list").stdout
    assert "Trên tường; calibration date not set; /dev/module" in listed
    call(config, "change", "module", "--calibrated-on", "2019-05-01", "--due-on", "2021-05-01")
    assert "CALIBRATION OVERDUE since 2021-05-01" in call(config, "list").stdout
    device = Registry(load_settings(config, {}).registry_path).devices()[0]
    assert str(device.calibrated_on) == "2019-05-01"


def test_forgetting_asks_first(config: Path) -> None:
    pair(config)
    assert call(config, "forget", "module", answers="n\n").exit_code == 1
    assert "module" in call(config, "list").stdout
    assert call(config, "forget", "module", answers="y\n").exit_code == 0
    assert "No device is paired" in call(config, "list").stdout
    unknown = call(config, "forget", "module", "--yes")
    assert (unknown.exit_code, unknown.stderr) == (1, "no device is called module\n")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("pair", "cuff", "F0:01"), "this station has no radio: write the section [bluetooth]"),
        (("pair", "cuff", "/dev/x", "--driver", "old"), "no driver old; there are berrymed-pm6750"),
        (("change", "nobody", "--place", "x"), "no device is called nobody"),
        (("test", "nobody", "--seconds", "1"), "no device is called nobody"),
    ],
)
def test_a_mistake_is_said_in_one_line(config: Path, arguments: tuple[str, ...], text: str) -> None:
    result = call(config, *arguments)
    assert result.exit_code == 1
    assert text in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_day_that_is_none_is_explained(config: Path) -> None:
    result = call(config, "change", "module", "--due-on", "tomorrow")
    assert result.exit_code == 2
    assert "is no day such as 2026-11-22" in " ".join(result.stderr.split())


def test_without_anything_to_hear_scanning_says_what_to_look_at(config: Path) -> None:
    shown = call(config, "scan", "--seconds", "1").stdout
    assert "Listening for 1 seconds" in shown
    assert "Are the instruments switched on" in shown or "/dev/serial/by-id" in shown


async def test_a_wired_instrument_that_streams_passes_its_test(config: Path) -> None:
    port = config.parent / "module"
    await asyncio.to_thread(call, config, "pair", "module", str(port), "--driver", "berrymed-pm6750")
    silent = await asyncio.to_thread(call, config, "test", "module", "--seconds", "1")
    assert silent.exit_code == 1
    assert "module did not answer" in silent.stderr
    async with VirtualPm6750(port):
        answered = await asyncio.to_thread(call, config, "test", "module", "--seconds", "20")
    assert "module answers." in answered.stdout, answered.stderr


def test_a_pin_becomes_what_the_settings_keep() -> None:
    made = CliRunner().invoke(app, ["service-pin"], input="274915\n274915\n")
    assert 'service_pin = "scrypt$' in made.stdout
    assert "274915" not in made.stdout
    short = CliRunner().invoke(app, ["service-pin"], input="12\n12\n")
    assert short.exit_code == 1
    assert "6 to 32" in short.stderr
