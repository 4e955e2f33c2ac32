"""What an operator can set: one TOML file, every key overridable by `TCDS_CLOUD__SECTION__KEY` in the environment.

`cloud/sample.toml` explains every key. A mistake is told by the key's own name, and never repeats the value, which may
be a secret. Relative paths are relative to the working directory.
"""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, HttpUrl, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from cloud.sections import DAY_MS, Counter, Days, Payments, Requests, Section

PREFIX = "TCDS_CLOUD__"

Port = Annotated[int, Field(ge=1, le=65_535)]
Seconds = Annotated[int, Field(ge=0, le=86_400)]
Limit = Annotated[int, Field(ge=1, le=86_400)]
Phone = Annotated[str, Field(pattern=r"^\+?[0-9]{3,15}$")]
Secret = Annotated[SecretStr, Field(min_length=1)]


def _number(value: object) -> object:
    """Let the environment, which knows only text, name a number."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


class SettingsError(Exception):
    """The settings cannot be used; `mistakes` holds one line for each, led by the key's name."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("; ".join(mistakes))
        self.mistakes = mistakes


class Store(Section):
    """Where everything durable is kept: an SQLAlchemy URL of SQLite (one machine) or PostgreSQL (beyond)."""

    url: Annotated[str, Field(pattern=r"^(sqlite:///.+|postgresql://.+)")]


class Broker(Section):
    """The MQTT broker, and the certificate of the command courier; ingest workers have their own."""

    host: Annotated[str, Field(min_length=1, max_length=253)]
    port: Port = 8883
    ca: Path
    certificate: Path
    key: Path
    mqtt_version: Annotated[Literal[3, 5], BeforeValidator(_number)] = 5
    keepalive_s: Annotated[int, Field(ge=2, le=300)] = 10


class Ingest(Section):
    """How many workers divide the 64 shards, and where `ingest-N.crt` and `ingest-N.key` are."""

    workers: Annotated[int, Field(ge=1, le=64)] = 1
    mqtt_version: Literal[3, 5] = 3
    certificates: Path

    def certificate(self, index: int) -> Path:
        """Path of the certificate of worker `index`."""
        return self.certificates / f"ingest-{index}.crt"

    def key(self, index: int) -> Path:
        """Path of the private key of worker `index`."""
        return self.certificates / f"ingest-{index}.key"


class Api(Section):
    """The consoles' door: where it listens, what it serves beside the API, how long a session lives."""

    host: str = "127.0.0.1"
    port: Port = 8443
    public_url: HttpUrl | None = None
    secure_cookies: bool = True
    trusted_proxies: tuple[str, ...] = ()
    dist: Path = Path("dashboards/dist")
    map_path: Path | None = None
    tiles_url: Annotated[str, Field(pattern=r"^https?://")] | None = None
    city: str = "Thành phố Hồ Chí Minh"
    session_idle_s: Annotated[int, Field(ge=60, le=86_400)] = 1_800
    session_limit_s: Annotated[int, Field(ge=300, le=7 * 86_400)] = 46_800
    streams_per_user: Annotated[int, Field(ge=1, le=100)] = 8


Call = Literal[
    "ward:console", "ward:push", "ward:sms", "city-desk:console", "city-desk:push", "city-desk:sms", "city-desk:log"
]  # fmt: skip


class Level(Section):
    """One step of the escalation: `after_s` after the alarm began, these are called, as `audience:channel`."""

    after_s: Seconds
    call: Annotated[tuple[Call, ...], Field(min_length=1)]


class Escalation(Section):
    """Who is called when, until somebody answers; every incident keeps the plan that it was opened with."""

    levels: Annotated[tuple[Level, ...], Field(min_length=1, max_length=10)] = (
        Level(after_s=0, call=("ward:console",)),
        Level(after_s=20, call=("ward:push",)),
        Level(after_s=45, call=("city-desk:console", "city-desk:push")),
        Level(after_s=90, call=("ward:sms", "city-desk:sms", "city-desk:console", "city-desk:push")),
    )
    repeat_s: Annotated[int, Field(ge=10, le=3_600)] = 60
    dispatch_within_s: Limit = 180
    arrive_within_s: Limit = 900
    finish_within_s: Limit = 3_600
    heartbeat_url: HttpUrl | None = None

    def plan(self) -> dict[str, object]:
        """Return the plan in the form that `cloud.sos.plan.Plan.from_json` reads."""
        levels = [
            {
                "after_s": level.after_s,
                "targets": [
                    {"audience": audience, "channel": channel}
                    for audience, channel in (call.split(":") for call in level.call)
                ],
            }
            for level in self.levels
        ]
        limits = ("repeat_s", "dispatch_within_s", "arrive_within_s", "finish_within_s")
        return {"levels": levels, **{name: getattr(self, name) for name in limits}}

    @model_validator(mode="after")
    def _levels_ascend(self) -> Self:
        times = [level.after_s for level in self.levels]
        if times[0] != 0 or times != sorted(set(times)):
            raise ValueError("levels: `after_s` starts at 0 and grows from level to level")
        return self


class Sms(Section):
    """An HTTP text-message service: POST `{to, text}` with a bearer token.

    Officers' own numbers stand in their accounts; `numbers` are further ones that every SMS level calls.
    """

    url: HttpUrl
    token: Secret
    numbers: Annotated[tuple[Phone, ...], Field(max_length=50)] = ()


class Push(Section):
    """Web push (RFC 8292): the private key, and a mailto: or https: address that answers for its use."""

    private_key: Path
    subject: Annotated[str, Field(pattern=r"^(mailto:.+@.+|https://.+)")]


class Notify(Section):
    """Ways to reach people who look at no console; a way that is not set is not used."""

    sms: Sms | None = None
    push: Push | None = None


class Vitals(Section):
    """How long what was measured in a cabin is kept, from the receipt of the consent; and the consent's own record.

    A person is promised `retention_days` when consenting: a change holds for sessions from then on.
    """

    retention_days: Days = 90
    consent_days: Days = 730

    @property
    def retention_ms(self) -> int:
        """How long measurements are kept."""
        return self.retention_days * DAY_MS

    @model_validator(mode="after")
    def _proof_outlives_data(self) -> Self:
        if self.consent_days < self.retention_days:
            raise ValueError("consent_days: not shorter than `retention_days`")
        return self


class Identity(Section):
    """How long what people sent from their card, sealed, waits for its recipient; and the record that they agreed.

    Both count from receipt. A change of `share_days` holds for what arrives from then on.
    """

    share_days: Days = 30
    consent_days: Days = 730

    @property
    def share_ms(self) -> int:
        """How long a sealed share waits to be fetched."""
        return self.share_days * DAY_MS

    @model_validator(mode="after")
    def _proof_outlives_data(self) -> Self:
        if self.consent_days < self.share_days:
            raise ValueError("consent_days: not shorter than `share_days`")
        return self


class Telemetry(Section):
    """Where the stations' numbers over time are kept: a file of its own, which may be lost without harm.

    From raw batches of `batch_days` it fills itself again; single points are kept `point_days`, hourly figures for ever.
    """

    path: Path | None = None
    batch_days: Days = 7
    point_days: Days = 60


class Log(Section):
    """How much the log tells."""

    level: Literal["debug", "info", "warning", "error"] = "info"


class Settings(BaseSettings):
    """Everything that the cloud's roles need to know from outside; frozen."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix=PREFIX, env_nested_delimiter="__", str_strip_whitespace=True
    )

    store: Store
    broker: Broker
    ingest: Ingest
    places: Path
    api: Api = Api()
    escalation: Escalation = Escalation()
    notify: Notify = Notify()
    vitals: Vitals = Vitals()
    identity: Identity = Identity()
    requests: Requests = Requests()
    counter: Counter | None = None
    payments: Payments = Payments()
    telemetry: Telemetry = Telemetry()
    log: Log = Log()

    @model_validator(mode="after")
    def _sms_can_be_sent(self) -> Self:
        called = any(call.endswith(":sms") for level in self.escalation.levels for call in level.call)
        if called and "levels" in self.escalation.model_fields_set and self.notify.sms is None:
            raise ValueError("notify.sms: missing, although a level of escalation.levels calls it")
        return self

    @model_validator(mode="after")
    def _providers_can_reach_us(self) -> Self:
        called = [name for name in ("vnpay", "momo") if getattr(self.payments, name) is not None]
        if called and self.api.public_url is None:
            raise ValueError(
                f"api.public_url: missing, although payments.{called[0]} sends people and notices there"
            )
        return self

    def missing_files(self) -> list[str]:
        """Name the keys whose file is not there; the certificates of all ingest workers included."""
        named = {"broker.ca": [self.broker.ca], "broker.certificate": [self.broker.certificate]}
        named["broker.key"] = [self.broker.key]
        workers = range(self.ingest.workers)
        named["ingest.certificates"] = [
            path for index in workers for path in (self.ingest.certificate(index), self.ingest.key(index))
        ]
        if self.notify.push is not None:
            named["notify.push.private_key"] = [self.notify.push.private_key]
        if self.requests.contact_key is not None:
            named["requests.contact_key"] = [self.requests.contact_key]
        if self.counter is not None:
            named["counter.certificate"] = [self.counter.certificate]
            named["counter.key"] = [self.counter.key]
        for name, connector in self.requests.connectors.items():
            named[f"requests.connectors.{name}.token_file"] = [connector.token_file]
        named |= self.payments.files()
        return [
            f"{key}: no such file: {path}"
            for key, paths in named.items()
            for path in paths
            if not path.is_file()
        ]

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  part of the signature that pydantic-settings calls
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  same
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment override the file, and nothing else have a say."""
        return env_settings, init_settings


def load_settings(path: Path | None) -> Settings:
    """Read the file (none: the environment alone); SettingsError names every mistake at once."""
    table = {} if path is None else read_toml(path)
    unknown = _unknown_variables()
    if unknown:
        raise SettingsError([f"{name}: no such setting" for name in unknown])
    try:
        return Settings.model_validate(table)
    except ValidationError as error:
        raise SettingsError(explain(error)) from error


def read_toml(path: Path) -> dict[str, object]:
    """Read a TOML file; SettingsError says what is wrong with it, by its name."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError([f"{path}: {error.strerror}"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError([f"{path}: not TOML: {error}"]) from error


def explain(error: ValidationError) -> list[str]:
    """One line for each mistake: `section.key: what is expected`, without the value.

    What pydantic says of a list because of a mistake inside it is left out.
    """
    mistakes = error.errors(include_url=False, include_input=False, include_context=False)
    places = [mistake["loc"] for mistake in mistakes]
    return [
        f"{'.'.join(map(str, place)) or 'settings'}: {mistake['msg'].removeprefix('Value error, ')}"
        for place, mistake in zip(places, mistakes, strict=True)
        if not any(len(inner) > len(place) and inner[: len(place)] == place for inner in places)
    ]


def _unknown_variables() -> list[str]:
    """Name environment variables of ours whose section does not exist, which pydantic-settings passes over."""
    return sorted(
        name
        for name in os.environ
        if name.upper().startswith(PREFIX)
        and name.upper().removeprefix(PREFIX).split("__")[0].lower() not in Settings.model_fields
    )
