"""The topic scheme: every topic is one value of `Topic`, and every `Topic` is one topic.

    tcds/v1/{shard}/{station}/up/{lane}            entries of one journal lane, in batches
    tcds/v1/{shard}/{station}/up/birth             retained: the station is there, and what it is made of
    tcds/v1/{shard}/{station}/up/death             last will: the broker lost the station
    tcds/v1/{shard}/{station}/up/heartbeat         liveness and health, every few seconds
    tcds/v1/{shard}/{station}/up/reply/{id}        answer to command {id}
    tcds/v1/{shard}/{station}/up/ask/{id}          a question while somebody waits; kept by nobody
    tcds/v1/{shard}/{station}/down/receipt         what the cloud has committed
    tcds/v1/{shard}/{station}/down/command/{id}    something the station shall do
    tcds/v1/{shard}/{station}/down/answer/{id}     answer to question {id}

Portable by construction (MQTT 3.1.1 [MQTT-4.7], RabbitMQ, NATS, AWS IoT): only `[a-z0-9-]` and `/`, six slashes at
most, ids in the topic instead of MQTT 5 properties. The shard is a function of the station, so a topic that names
another one is refused.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from wire.errors import IdError, TopicError
from wire.ids import require_id, require_shard, require_station, shard_of, shard_text

ROOT: Final = "tcds/v1"
MAX_TOPIC_LENGTH: Final = 128
"""The longest topic of the scheme has 90 characters; anything longer is refused before it is split."""


class Lane(StrEnum):
    """A journal's lanes, highest priority first: a higher one never waits behind a lower one."""

    SOS = "sos"
    REQUEST = "request"
    VITALS = "vitals"
    EVENT = "event"
    TELEMETRY = "telemetry"
    BLOB = "blob"


class Channel(StrEnum):
    """What travels on a topic that is no lane."""

    BIRTH = "up/birth"
    DEATH = "up/death"
    HEARTBEAT = "up/heartbeat"
    REPLY = "up/reply"
    ASK = "up/ask"
    RECEIPT = "down/receipt"
    COMMAND = "down/command"
    ANSWER = "down/answer"


_KINDS: Final[dict[str, Lane | Channel]] = {f"up/{lane}": lane for lane in Lane} | {
    str(kind): kind for kind in Channel
}
WITH_ID: Final = frozenset({Channel.REPLY, Channel.COMMAND, Channel.ASK, Channel.ANSWER})
"""What is one of many on its channel, and names itself in its topic."""
_UP_PARTS: Final = 6
_ID_PARTS: Final = 7


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: whose it is, what travels on it, and for command and reply which one."""

    station: str
    kind: Lane | Channel
    id: str | None = None

    def __post_init__(self) -> None:
        """Refuse what the scheme has no topic for."""
        try:
            require_station(self.station)
            if self.kind in WITH_ID:
                require_id(self.id or "")
        except IdError as error:
            raise TopicError(str(error)) from error
        if self.id is not None and self.kind not in WITH_ID:
            raise TopicError(f"{self.kind}: takes no id")

    def __str__(self) -> str:
        path = f"up/{self.kind}" if isinstance(self.kind, Lane) else str(self.kind)
        suffix = f"/{self.id}" if self.id is not None else ""
        return f"{station_root(self.station)}/{path}{suffix}"


def station_root(station: str) -> str:
    """Return the part of the tree that belongs to one station, without a final slash."""
    return f"{ROOT}/{shard_text(shard_of(station))}/{station}"


@lru_cache(maxsize=16_384)
def parse_topic(text: str) -> Topic:
    """Return the one `Topic` whose text is `text`; raise TopicError for any other text."""
    if len(text) > MAX_TOPIC_LENGTH:
        raise TopicError(f"topic: longer than {MAX_TOPIC_LENGTH} characters")
    parts = text.split("/")
    if not _UP_PARTS <= len(parts) <= _ID_PARTS or f"{parts[0]}/{parts[1]}" != ROOT:
        raise TopicError(f"topic: not below {ROOT}/shard/station")
    station = parts[3]
    topic = Topic(station, _kind(parts[4], parts[5]), parts[6] if len(parts) == _ID_PARTS else None)
    if _shard(parts[2]) != shard_of(station):
        raise TopicError("topic: the shard is not the station's")
    return topic


def _shard(text: str) -> int:
    try:
        return require_shard(text)
    except IdError as error:
        raise TopicError(str(error)) from error


def _kind(direction: str, name: str) -> Lane | Channel:
    kind = _KINDS.get(f"{direction}/{name}")
    if kind is None:
        raise TopicError("topic: no such lane or channel")
    return kind


def ingest_filter(shard: int) -> str:
    """Subscription of an ingest worker: everything that the stations of one shard send."""
    return f"{ROOT}/{shard_text(shard)}/+/up/#"


def question_filter() -> str:
    """Subscription of whoever answers: the questions of all stations."""
    return f"{ROOT}/+/+/{Channel.ASK}/+"


def downlink_filter(station: str) -> str:
    """Subscription of a station: its receipts, commands and answers."""
    return f"{station_root(station)}/down/#"
