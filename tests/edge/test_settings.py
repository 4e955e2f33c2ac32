from pathlib import Path

import pytest

from edge.sections import SettingsError
from edge.settings import ENV_PREFIX, Settings, load_settings, read_settings

SAMPLE = Path("edge/sample.toml")


def minimal() -> dict[str, dict[str, object]]:
    return {
        "station": {"id": "st-1"},
        "broker": {"host": "h", "ca": "ca.pem", "certificate": "st.crt", "key": "/etc/st.key"},
        "journal": {"path": "data/journal.db"},
        "board": {"port": "/dev/ttyUSB0"},
    }


def problems(data: object) -> list[str]:
    assert isinstance(data, dict)
    with pytest.raises(SettingsError) as caught:
        read_settings(data, Path("/etc/tcds"))
    return [str(problem) for problem in caught.value.problems]


def test_the_sample_is_right_and_shows_every_key() -> None:
    settings = load_settings(SAMPLE, {})
    assert settings.station.name == "Trạm Bình Trưng A1"
    assert settings.modem is not None
    text = SAMPLE.read_text(encoding="utf-8")
    for section in Settings.__struct_fields__:
        part = getattr(settings, section)
        keys = set(type(part).__struct_fields__) - {"pin", "service_pin"}
        assert f"[{section}]" in text
        assert all(f"\n{key} = " in text for key in keys), section


def test_defaults_fill_what_is_left_out() -> None:
    settings = read_settings(minimal(), Path("/etc/tcds"))
    assert settings.modem is None
    assert settings.broker.mqtt_version == 5
    assert settings.alarm.receipt_timeout_s == 8
    assert settings.board.button_names == ("standing", "low")


def test_without_its_section_the_guide_asks_nobody() -> None:
    assert read_settings(minimal(), Path("/etc/tcds")).guide is None
    section: dict[str, object] = {"url": "https://models.example.vn/v1", "model": "small", "key_file": "k"}
    guide = read_settings({**minimal(), "guide": section}, Path("/etc/tcds")).guide
    assert guide is not None
    assert guide.key_file == Path("/etc/tcds/k")
    assert problems({**minimal(), "guide": {"model": "small"}})[0].startswith("guide.url: is missing")


def test_relative_paths_start_at_the_file() -> None:
    settings = read_settings(minimal(), Path("/etc/tcds"))
    assert settings.broker.ca == Path("/etc/tcds/ca.pem")
    assert settings.broker.key == Path("/etc/st.key")
    assert settings.registry_path == Path("/etc/tcds/data/registry.json")


def test_the_environment_overrides_the_file() -> None:
    environment = {
        f"{ENV_PREFIX}BROKER__PORT": "8884",
        f"{ENV_PREFIX}MODEM__NUMBERS": "113, +84901234567",
        f"{ENV_PREFIX}ALARM__RECEIPT_TIMEOUT_S": "2.5",
        f"{ENV_PREFIX}STATION__WARD": "00123",
        "TCDS_EDGE_CONFIG": "not a key",
        "PATH": "/bin",
    }
    settings = load_settings(SAMPLE, environment)
    assert settings.broker.port == 8884
    assert settings.modem is not None
    assert settings.modem.numbers == ("113", "+84901234567")
    assert settings.alarm.receipt_timeout_s == 2.5
    assert settings.station.ward == "00123"


@pytest.mark.parametrize(
    ("section", "key", "value", "explained"),
    [
        ("station", "id", "Bad Id", "station.id: must be 3 to 32 of a-z, 0-9"),
        ("station", "ward", "27", "station.ward: must be the ward's code, five digits"),
        ("broker", "port", "x", "broker.port: must be TCP port of the broker, 1 to 65535 (expected int"),
        ("broker", "port", 0, "broker.port: must be TCP port"),
        ("broker", "mqtt_version", 4, "broker.mqtt_version: must be 3 or 5"),
        ("broker", "ca", 7, "broker.ca: must be file with the certificates"),
        ("broker", "ca", "", "broker.ca: must be file"),
        ("broker", "prot", 1, "broker.prot: is not known here; known are host, port"),
        ("journal", "reserve_bytes", 5, "journal.reserve_bytes: must be bytes that only an SOS may use"),
        ("board", "button_names", ["one"], "board.button_names: must be two names"),
        ("board", "button_names", ["one", "Zwei!"], "board.button_names: must be two names"),
        ("alarm", "siren_s", 61, "alarm.siren_s: must be whole seconds, 0 (no siren) to 60"),
        ("log", "level", "loud", "log.level: must be debug, info, warning or error"),
        ("modem", "numbers", [], "modem.numbers: must be one to five numbers"),
        ("modem", "pin", "12", "modem.pin: must be PIN of the SIM, 4 to 8 digits"),
    ],
)
def test_every_mistake_is_named_with_what_would_be_right(
    section: str, key: str, value: object, explained: str
) -> None:
    data = minimal() | {"modem": {"port": "/dev/ttyUSB1", "numbers": ["113"]}}
    data.setdefault(section, {})[key] = value
    (problem,) = problems(data)
    assert problem.startswith(explained)


def test_all_mistakes_are_told_at_once() -> None:
    found = problems({"station": {"id": 1}, "broker": {}, "journal": 3, "zap": {}})
    keys = {problem.partition(":")[0] for problem in found}
    assert keys == {
        "zap",
        "station.id",
        "broker.host",
        "broker.ca",
        "broker.certificate",
        "broker.key",
        "journal",
        "board.port",
    }


def test_a_secret_is_never_repeated() -> None:
    data = minimal() | {"modem": {"port": "p", "numbers": ["113"], "pin": "12345678901"}}
    assert "12345678901" not in "".join(problems(data))


def test_a_file_that_is_not_there_or_not_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        load_settings(tmp_path / "none.toml", {})
    broken = tmp_path / "broken.toml"
    broken.write_bytes(b"[station\nid=")
    with pytest.raises(SettingsError, match=r"broken.toml: not TOML: .*line 1"):
        load_settings(broken, {})
    broken.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="not TOML"):
        load_settings(broken, {})
