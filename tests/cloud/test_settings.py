"""Settings: the sample passes, the environment overrides, and every mistake is told by its key."""

import os
from pathlib import Path

import pytest

from cloud.sections import DAY_MS, Requests
from cloud.settings import (
    PREFIX,
    Api,
    Escalation,
    Identity,
    Settings,
    SettingsError,
    Telemetry,
    Vitals,
    load_settings,
)
from cloud.sos.plan import Plan

SAMPLE = Path("cloud/sample.toml")
SMALL = """
places = "places.toml"
[store]
url = "sqlite:///tcds.db"
[broker]
host = "localhost"
ca = "ca.crt"
certificate = "courier-0.crt"
key = "courier-0.key"
[ingest]
certificates = "certificates"
"""


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.upper().startswith(PREFIX):
            monkeypatch.delenv(name)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "cloud.toml"
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings(written(tmp_path, text))
    return caught.value.mistakes


def test_the_sample_passes_and_shows_the_defaults() -> None:
    sample = load_settings(SAMPLE)
    assert sample.escalation == Escalation(levels=Escalation().levels)
    shown = sample.api.model_dump(exclude={"public_url", "trusted_proxies"})
    assert shown == Api().model_dump(exclude={"public_url", "trusted_proxies"})
    assert sample.vitals == Vitals()
    assert sample.identity == Identity()
    assert sample.requests == Requests(connectors=sample.requests.connectors)
    assert list(sample.requests.connectors) == ["civil-status", "hospital"]
    assert sample.telemetry == Telemetry(path=Path("telemetry.db"))
    assert sample.notify.sms is not None


def test_the_default_plan_is_the_one_of_the_rules() -> None:
    assert Plan.from_json(Escalation().plan()) == Plan()


def test_the_sample_names_every_key() -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert name in text
        inner = field.annotation
        for key in getattr(inner, "model_fields", {}):
            assert key in text, f"{name}.{key}"


def test_measurements_are_promised_for_ninety_days() -> None:
    assert Vitals().retention_ms == 90 * 24 * 3_600 * 1_000


def test_a_share_waits_for_thirty_days() -> None:
    assert Identity().share_ms == 30 * 24 * 3_600 * 1_000


def test_a_day_is_counted_in_milliseconds() -> None:
    assert DAY_MS == 24 * 3_600 * 1_000


def test_the_least_that_is_needed(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, SMALL))
    assert settings.broker.port == 8883
    assert settings.api.secure_cookies
    assert settings.notify.sms is None
    assert settings.requests == Requests()
    assert settings.ingest.certificate(3) == Path("certificates/ingest-3.crt")
    assert settings.ingest.key(3) == Path("certificates/ingest-3.key")


def test_the_environment_overrides_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TCDS_CLOUD__BROKER__PORT", "1234")
    monkeypatch.setenv("TCDS_CLOUD__BROKER__MQTT_VERSION", "3")
    monkeypatch.setenv("TCDS_CLOUD__API__TRUSTED_PROXIES", '["10.0.0.1"]')
    settings = load_settings(written(tmp_path, SMALL))
    assert (settings.broker.port, settings.broker.mqtt_version) == (1234, 3)
    assert settings.broker.host == "localhost"
    assert settings.api.trusted_proxies == ("10.0.0.1",)


def test_files_that_are_not_there_are_named_by_their_key(tmp_path: Path) -> None:
    text = SMALL.replace('"ca.crt"', f'"{tmp_path / "cloud.toml"}"') + "workers = 2\n"
    missing = load_settings(written(tmp_path, text)).missing_files()
    assert [line.split(":")[0] for line in missing] == [
        *("broker.certificate", "broker.key"),
        *["ingest.certificates"] * 4,
    ]


def test_files_of_requests_are_missed_too(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.touch()
    text = (
        SMALL
        + f"""
        [requests]
        contact_key = "{tmp_path / "none"}"
        [requests.connectors.civil-status]
        url = "https://portal.example.vn/"
        token_file = "{tmp_path / "none"}"
        [requests.connectors.hospital]
        url = "https://hospital.example.vn/"
        token_file = "{there}"
        """
    )
    missing = load_settings(written(tmp_path, text)).missing_files()
    assert [line.split(":")[0] for line in missing if line.startswith("requests")] == [
        "requests.contact_key",
        "requests.connectors.civil-status.token_file",
    ]


def test_settings_are_frozen(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, SMALL))
    with pytest.raises(ValueError, match="frozen"):
        settings.api.port = 1


def test_missing_keys_are_named(tmp_path: Path) -> None:
    named = mistakes(tmp_path, '[broker]\nhost = "x"')
    assert "store: Field required" in named
    assert "broker.ca: Field required" in named


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ("[api]\nprot = 1\n", "api.prot"),
        ("[api]\nport = 70000\n", "api.port"),
        ('[api]\npublic_url = "nowhere"\n', "api.public_url"),
        ("[api]\nsession_idle_s = 1\n", "api.session_idle_s"),
        ("[escalation]\nlevels = []\n", "escalation.levels"),
        ('[[escalation.levels]]\nafter_s = 5\ncall = ["ward:push"]\n', "escalation"),
        ('[[escalation.levels]]\nafter_s = 0\ncall = ["pigeon"]\n', "escalation.levels.0.call.0"),
        ('[[escalation.levels]]\nafter_s = 0\ncall = ["ward:sms"]\n', "settings: notify.sms"),
        (
            '[payments.momo]\npartner_code = "M"\naccess_key_file = "a"\nsecret_file = "s"\ngateway = "https://x.vn"\n',
            "settings: api.public_url",
        ),
        ('[notify.sms]\nurl = "https://x.vn"\ntoken = ""\nnumbers = ["113"]\n', "notify.sms.token"),
        ('[notify.sms]\nurl = "https://x.vn"\ntoken = "t"\nnumbers = ["call me"]\n', "notify.sms.numbers.0"),
        ('[notify.push]\nprivate_key = "k"\nsubject = "me"\n', "notify.push.subject"),
        ('[log]\nlevel = "loud"\n', "log.level"),
        ("[vitals]\nretention_days = 0\n", "vitals.retention_days"),
        ("[vitals]\nconsent_days = 30\n", "vitals: consent_days"),
        ("[identity]\nshare_days = 0\n", "identity.share_days"),
        ("[identity]\nshare_days = 60\nconsent_days = 59\n", "identity: consent_days"),
        ("[requests]\nsealed_days = 0\n", "requests.sealed_days"),
        ("[requests]\nwaiting_days = 4000\n", "requests.waiting_days"),
        ("[requests]\nfirst_poll_s = 0\n", "requests.first_poll_s"),
        ('[requests]\ncatch_all_desk = "One Stop"\n', "requests.catch_all_desk"),
        ('[requests]\nduty_desk = ""\n', "requests.duty_desk"),
        (
            '[requests.connectors.Portal]\nurl = "https://x.vn"\ntoken_file = "t"\n',
            "requests.connectors.Portal",
        ),
        ('[requests.connectors.hospital]\nurl = "x"\ntoken_file = "t"\n', "requests.connectors.hospital.url"),
        ('[requests.connectors.hospital]\nurl = "https://x.vn"\n', "requests.connectors.hospital.token_file"),
        ("[telemetry]\nbatch_days = 0\n", "telemetry.batch_days"),
        ("[surprise]\n", "surprise"),
    ],
)
def test_every_mistake_is_told_by_its_key(tmp_path: Path, change: str, key: str) -> None:
    named = mistakes(tmp_path, SMALL + change)
    assert len(named) == 1
    assert named[0].startswith(key)


def test_a_mistake_never_repeats_the_value(tmp_path: Path) -> None:
    text = SMALL.replace("sqlite:///tcds.db", "mysql://root:s3cret@db/x")
    assert "s3cret" not in " ".join(mistakes(tmp_path, text))


def test_the_token_does_not_show_itself() -> None:
    assert "change-me" not in repr(load_settings(SAMPLE))


def test_an_unknown_variable_is_a_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TCDS_CLOUD__BORKER__PORT", "1")
    assert mistakes(tmp_path, SMALL) == ["TCDS_CLOUD__BORKER__PORT: no such setting"]


def test_an_unknown_key_from_the_environment_is_a_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TCDS_CLOUD__BROKER__PROT", "1")
    assert mistakes(tmp_path, SMALL)[0].startswith("broker.prot")


def test_unreadable_environment_is_a_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TCDS_CLOUD__API__TRUSTED_PROXIES", "[")
    assert 'parsing value for field "api"' in mistakes(tmp_path, SMALL)[0]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        load_settings(tmp_path / "none.toml")


@pytest.mark.parametrize("text", ["= 1", "a = ", "\0"])
def test_a_file_that_is_not_toml(tmp_path: Path, text: str) -> None:
    assert "not TOML" in mistakes(tmp_path, text)[0]


def test_no_file_at_all_needs_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="store"):
        load_settings(None)
