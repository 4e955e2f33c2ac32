"""What one station is told: a TOML file, every key of which an environment variable may override.

`TCDS_EDGE__BROKER__PORT=8883` overrides `port` in `[broker]`; a list is written with commas. Paths in the file are
relative to the file. Every mistake is named by its key together with what would be right, all of them at once; values
are never repeated, since some are secret.

msgspec reads it, not pydantic-settings: that alone takes half a second and 12 MiB at each start of the daemon.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

from msgspec import Meta

from edge.sections import Problem, Section, SectionReader, SettingsError
from wire.ids import STATION_PATTERN, WARD_PATTERN

ENV_PREFIX: Final = "TCDS_EDGE__"
_SEPARATOR: Final = "__"

Label = Annotated[str, Meta(max_length=60, description="up to 60 characters of plain text")]
ButtonName = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9.-]{0,31}$")]
Port = Annotated[str, Meta(min_length=1, description="a serial port, best below /dev/serial/by-id/")]


class StationSettings(Section, frozen=True, kw_only=True):
    """Who and where the station is; `name` and `place` stand in its SMS, so they say where help must go."""

    id: Annotated[
        str,
        Meta(
            pattern=STATION_PATTERN,
            description="3 to 32 of a-z, 0-9 and single inner hyphens: the common name of the certificate",
        ),
    ]
    name: Label = ""
    place: Label = ""
    ward: Annotated[str, Meta(pattern=WARD_PATTERN, description="the ward's code, five digits")] | None = None


class BrokerSettings(Section, frozen=True, kw_only=True):
    """The one way to the cloud: MQTT over TLS, both sides with a certificate."""

    host: Annotated[str, Meta(min_length=1, max_length=253, description="name or address of the broker")]
    port: Annotated[int, Meta(ge=1, le=65_535, description="TCP port of the broker, 1 to 65535")] = 8883
    ca: Annotated[Path, Meta(description="file with the certificates of the authorities to trust (PEM)")]
    certificate: Annotated[Path, Meta(description="file with this station's certificate (PEM)")]
    key: Annotated[Path, Meta(description="file with this station's private key (PEM)")]
    mqtt_version: Annotated[Literal[3, 5], Meta(description="3 or 5")] = 5
    keepalive_s: Annotated[int, Meta(ge=2, le=300, description="whole seconds, 2 to 300")] = 5


class JournalSettings(Section, frozen=True, kw_only=True):
    """Where everything waits until the cloud has it, and how much of it may."""

    path: Annotated[Path, Meta(description="file of the journal, on a disk that survives a power cut")]
    reserve_bytes: Annotated[
        int, Meta(ge=1 << 20, le=1 << 40, description="bytes that only an SOS may use, at least 1048576")
    ] = 16 << 20
    max_bytes: Annotated[
        int, Meta(ge=4 << 20, le=1 << 40, description="largest size in bytes, at least 4194304")
    ] = 512 << 20
    telemetry_max_entries: Annotated[
        int, Meta(ge=100, le=10_000_000, description="entries of telemetry to keep, 100 to 10000000")
    ] = 200_000


class BoardSettings(Section, frozen=True, kw_only=True):
    """The button board, and what its two buttons are called."""

    port: Port
    button_names: Annotated[
        tuple[ButtonName, ButtonName],
        Meta(description="two names of a-z, 0-9, '.' and '-', line 0 first"),
    ] = ("standing", "low")


class ModemSettings(Section, frozen=True, kw_only=True):
    """The modem that sends an SMS when no receipt comes; leave the section out where there is none."""

    port: Port
    numbers: Annotated[
        tuple[Annotated[str, Meta(pattern=r"^\+?[0-9]{3,15}$")], ...],
        Meta(min_length=1, max_length=5, description='one to five numbers such as "+84901234567"'),
    ]
    pin: Annotated[str, Meta(pattern=r"^[0-9]{4,8}$", description="PIN of the SIM, 4 to 8 digits")] | None = (
        None
    )
    baud: Annotated[int, Meta(ge=1_200, le=921_600, description="bits per second, 1200 to 921600")] = 115_200


class AlarmSettings(Section, frozen=True, kw_only=True):
    """What happens when a press is recorded and no receipt comes."""

    receipt_timeout_s: Annotated[float, Meta(ge=1, le=60, description="seconds, 1 to 60")] = 8
    siren_s: Annotated[int, Meta(ge=0, le=60, description="whole seconds, 0 (no siren) to 60")] = 30
    sms_retry_s: Annotated[float, Meta(ge=5, le=600, description="seconds, 5 to 600")] = 20


class HeartbeatSettings(Section, frozen=True, kw_only=True):
    """How often the station says how it is."""

    interval_s: Annotated[float, Meta(ge=1, le=300, description="seconds, 1 to 300")] = 5


class BluetoothSettings(Section, frozen=True, kw_only=True):
    """The radio that wireless instruments are heard with; leave the section out where there is none."""

    adapter: Annotated[str, Meta(pattern=r"^hci[0-9]{1,2}$", description="an adapter such as hci0")] = "hci0"


class CabinSettings(Section, frozen=True, kw_only=True):
    """The health cabin; leave the section out where the station has none."""

    rest_s: Annotated[
        int, Meta(ge=0, le=300, description="whole seconds between two readings of blood pressure, 0 to 300")
    ] = 60
    idle_s: Annotated[
        int, Meta(ge=15, le=600, description="whole seconds without a touch until the warning, 15 to 600")
    ] = 60
    warning_s: Annotated[
        int,
        Meta(ge=5, le=120, description="whole seconds from the warning until everything is wiped, 5 to 120"),
    ] = 15


class KioskSettings(Section, frozen=True, kw_only=True):
    """The touch screen's pages, served on this machine only; leave the section out where there is no screen."""

    port: Annotated[int, Meta(ge=1, le=65_535, description="TCP port on 127.0.0.1, 1 to 65535")] = 8490
    pages: Annotated[Path, Meta(description="directory of the built web pages")] = Path(
        "/usr/share/tcds/dashboards"
    )
    service_pin: (
        Annotated[
            str,
            Meta(
                pattern=r"^scrypt\$[0-9a-f]{32}\$[0-9a-f]{64}$",
                description="the service page's PIN as `tcds-edge service-pin` prints it; without it no service page",
            ),
        ]
        | None
    ) = None
    silent_s: Annotated[
        int,
        Meta(
            ge=15, le=600, description="whole seconds without a page's sign of life until the screen is lost"
        ),
    ] = 30
    restart: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=200)], ...],
        Meta(max_length=20, description="program and arguments that start a lost screen's browser anew"),
    ] = ()


class SpeechSettings(Section, frozen=True, kw_only=True):
    """The voice: a program that reads a text on stdin and writes a WAV file to stdout; `{language}` is vi or en."""

    command: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=200)], ...],
        Meta(min_length=1, max_length=20, description="program and arguments"),
    ] = ("espeak-ng", "-v", "{language}", "-s", "140", "--stdin", "--stdout")


class PrinterSettings(Section, frozen=True, kw_only=True):
    """The ESC/POS receipt printer; leave the section out where there is none."""

    port: Port
    baud: Annotated[int, Meta(ge=1_200, le=921_600, description="bits per second, 1200 to 921600")] = 115_200
    width_mm: Annotated[Literal[58, 80], Meta(description="width of the paper in mm: 58 or 80")] = 80


class CardSettings(Section, frozen=True, kw_only=True):
    """The reader of chip cards and what a card can be used for; leave the section out where there is no reader."""

    reader: Annotated[
        str, Meta(max_length=120, description="part of the reader's name; empty: any reader")
    ] = ""
    scanner: (
        Annotated[
            str,
            Meta(min_length=1, description="serial port of the QR scanner; without it the number is typed"),
        ]
        | None
    ) = None
    scanner_baud: Annotated[
        int, Meta(ge=1_200, le=921_600, description="bits per second, 1200 to 921600")
    ] = 9_600
    trust: (
        Annotated[
            Path, Meta(description="directory of the issuing authorities' certificates and revocation lists")
        ]
        | None
    ) = None
    recipients: (
        Annotated[Path, Meta(description="directory of the authorities' public keys, NAME.age.pub")] | None
    ) = None
    pseudonym_key: (
        Annotated[Path, Meta(description="file with 64 hex digits, the same at all stations of a city")]
        | None
    ) = None
    idle_s: Annotated[
        int, Meta(ge=15, le=600, description="whole seconds without a touch until the warning, 15 to 600")
    ] = 60
    warning_s: Annotated[
        int,
        Meta(ge=5, le=120, description="whole seconds from the warning until everything is wiped, 5 to 120"),
    ] = 15


class ServicesSettings(Section, frozen=True, kw_only=True):
    """What can be filled in and submitted at the screen; leave the section out where nothing can."""

    catalogue: (
        Annotated[Path, Meta(description="directory of a catalogue of services; without it the shipped one")]
        | None
    ) = None
    recipients: Annotated[Path, Meta(description="directory of the authorities' public keys, NAME.age.pub")]
    wards: (
        Annotated[
            Path,
            Meta(
                description="file with a line for each ward, code and name; without it the shipped list, Ho Chi Minh City"
            ),
        ]
        | None
    ) = None
    camera: Annotated[
        bool, Meta(description="whether the screen's browser has a camera for papers: true or false")
    ] = False
    idle_s: Annotated[
        int, Meta(ge=15, le=600, description="whole seconds without a touch until the warning, 15 to 600")
    ] = 60
    warning_s: Annotated[
        int,
        Meta(ge=5, le=120, description="whole seconds from the warning until everything is wiped, 5 to 120"),
    ] = 15


class GuideSettings(Section, frozen=True, kw_only=True):
    """Where the guide asks when it does not understand; without the section nothing that is said leaves the station."""

    url: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=300,
            description="an OpenAI-compatible endpoint up to /chat/completions: https, or http on this machine",
        ),
    ]
    model: Annotated[str, Meta(min_length=1, max_length=100, description="name of the model at the endpoint")]
    key_file: (
        Annotated[Path, Meta(description="file with the endpoint's key alone; without it none is sent")]
        | None
    ) = None


class LogSettings(Section, frozen=True, kw_only=True):
    """How much the daemon says on stderr."""

    level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="debug, info, warning or error")
    ] = "info"


class Settings(Section, frozen=True, kw_only=True):
    """All of it. Sections with a default may be left out; without `[modem]` there is no SMS, and so on."""

    station: StationSettings
    broker: BrokerSettings
    journal: JournalSettings
    board: BoardSettings
    modem: ModemSettings | None = None
    alarm: AlarmSettings = AlarmSettings()
    heartbeat: HeartbeatSettings = HeartbeatSettings()
    bluetooth: BluetoothSettings | None = None
    cabin: CabinSettings | None = None
    kiosk: KioskSettings | None = None
    speech: SpeechSettings = SpeechSettings()
    printer: PrinterSettings | None = None
    card: CardSettings | None = None
    services: ServicesSettings | None = None
    guide: GuideSettings | None = None
    log: LogSettings = LogSettings()

    @property
    def registry_path(self) -> Path:
        """The registry stands beside the journal."""
        return self.journal.path.with_name("registry.json")

    @property
    def tracking_path(self) -> Path:
        """The number of the last tracking code stands beside the journal, too."""
        return self.journal.path.with_name("tracking")

    @property
    def drafts_path(self) -> Path:
        """The directory of sealed drafts does so as well."""
        return self.journal.path.with_name("drafts")

    @property
    def requests_path(self) -> Path:
        """And what is known of the requests that were submitted here."""
        return self.journal.path.with_name("requests.db")


def load_settings(path: Path, environment: Mapping[str, str]) -> Settings:
    """Read the file at `path`, overridden by `environment`; SettingsError names everything that is wrong."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError([Problem(str(path), error.strerror or "cannot be read")]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError([Problem(str(path), f"not TOML: {error}")]) from error
    return read_settings(_overridden(data, environment), path.resolve().parent)


def read_settings(data: Mapping[str, object], directory: Path) -> Settings:
    """Check settings that are already plain data; relative paths start at `directory`."""
    return SectionReader(directory).read(Settings, data)


def _overridden(data: dict[str, object], environment: Mapping[str, str]) -> dict[str, object]:
    for name, value in environment.items():
        section, separator, key = name.removeprefix(ENV_PREFIX).lower().partition(_SEPARATOR)
        if name.startswith(ENV_PREFIX) and separator:
            table = data.setdefault(section, {})
            if isinstance(table, dict):
                table[key] = value
    return data
