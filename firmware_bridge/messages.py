"""What board and host say to each other: fixed layouts, little endian, one message a frame.

Reports go from the board to the host (kinds 0x01 to 0x7F), orders from the host to the board (0x80 and up).
`layouts` turns them into bytes and back. A change of any layout raises `PROTOCOL`, but HELLO's first byte,
EVENT and EVENT_ACK never change: a press must get through between any two versions.
"""

from dataclasses import dataclass
from enum import IntEnum, IntFlag

PROTOCOL = 1
LINES = 2
"""Supervised button lines of a board: one button at standing height, one within reach of a wheelchair."""


class EventKind(IntEnum):
    """What happened at the board."""

    PRESS = 1
    RELEASE = 2
    TAMPER = 3
    TAMPER_CLEARED = 4
    WIRE_CUT = 5
    WIRE_SHORT = 6
    WIRE_RESTORED = 7


class LampPattern(IntEnum):
    """What the lamp tells the person in front of it."""

    OFF = 0
    IDLE = 1
    RECORDED = 2
    RECEIVED = 3
    POLICE = 4
    ON_WAY = 5
    FAULT = 6


class ResetCause(IntFlag):
    """Why the board started: the ATmega's MCUSR register, datasheet section 15.9."""

    NONE = 0
    POWER_ON = 1
    EXTERNAL = 2
    BROWN_OUT = 4
    WATCHDOG = 8


class BoardState(IntFlag):
    """What holds at the moment of a beat. It repairs the picture when an event had to be dropped."""

    CALM = 0
    LID_OPEN = 1
    SIREN_ON = 2
    OWN_ALARM = 4
    HOST_HEARD = 8
    LINE_0_FAULT = 16
    LINE_1_FAULT = 32


@dataclass(frozen=True, slots=True, order=True)
class EventId:
    """Names one event for ever: it stays the same however often the event is sent, also after a reset.

    `seq` has 32 bits so that it cannot wrap within one boot: ten events a second would take 13 years.
    """

    board_serial: int
    boot_count: int
    seq: int

    def __str__(self) -> str:
        return f"{self.board_serial:08x}-{self.boot_count}-{self.seq}"


@dataclass(frozen=True, slots=True)
class Hello:
    """0x01 `<B3BIBI`: protocol u8, firmware 3 x u8, board serial u32, reset cause u8, boot count u32."""

    firmware: tuple[int, int, int]
    board_serial: int
    reset_cause: ResetCause
    boot_count: int


@dataclass(frozen=True, slots=True)
class ForeignHello:
    """0x01 from a board of another protocol version; only the first byte may be read."""

    protocol: int


@dataclass(frozen=True, slots=True)
class Event:
    """0x02 `<IIIBBI`: board serial, boot count, seq (u32 each), kind u8, button u8, age in ms u32.

    `age_ms` counts on the board's clock until this sending. None (0xFFFFFFFF): it happened before
    the board's last reset.
    """

    id: EventId
    kind: EventKind
    button: int
    age_ms: int | None


@dataclass(frozen=True, slots=True)
class Beat:
    """0x03 `<II2HBBBHHH`, every second.

    Boot count u32, uptime in s u32, voltage of line 0 and 1 in mV u16, lamp u8, state u8, events pending u8,
    events dropped u16, bytes lost on receive u16, frames damaged on receive u16 (the last three since boot).
    """

    boot_count: int
    uptime_s: int
    line_mv: tuple[int, int]
    lamp: LampPattern
    state: BoardState
    pending: int
    dropped: int = 0
    rx_lost: int = 0
    rx_damaged: int = 0


@dataclass(frozen=True, slots=True)
class CommandAck:
    """0x04 `<BB`: number of the command u8, 1 = done or 0 = refused u8."""

    number: int
    done: bool


@dataclass(frozen=True, slots=True)
class AskHello:
    """0x81, empty: the board answers with HELLO."""


@dataclass(frozen=True, slots=True)
class EventAck:
    """0x82 `<III`, the event's id: the host has it on disk, the board may forget it."""

    id: EventId


@dataclass(frozen=True, slots=True)
class Lamp:
    """0x83 `<BB`: number u8, pattern u8."""

    number: int
    pattern: LampPattern


@dataclass(frozen=True, slots=True)
class Siren:
    """0x84 `<BB`: number u8, seconds u8 (0 = off). The board caps the time by itself."""

    number: int
    seconds: int


Report = Hello | ForeignHello | Event | Beat | CommandAck
Order = AskHello | EventAck | Lamp | Siren
