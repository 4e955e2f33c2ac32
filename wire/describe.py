"""The contract as documents, written from the code: `docs/wire.md` for people, `docs/asyncapi.json` for tools.

Pure: `render_markdown` and `render_asyncapi` return text; `make wire-docs` writes the files, and a test fails when they
are stale.
"""

import inspect
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from wire import asking as ask
from wire import entries as ent
from wire import messages as msg
from wire.errors import RefuseReason
from wire.ids import ID_PATTERN, SHARDS, STATION_PATTERN, WARD_PATTERN, shard_of, shard_text
from wire.measures import STATION_MEASURES, VITAL_MEASURES
from wire.topics import WITH_ID, Channel, Lane, Topic
from wire.tracking import TRACKING_PATTERN

_SAMPLE_STATION: Final = "st-0001"
_SAMPLE_ID: Final = "0123456789abcdef0123456789abcdef"

CHANNEL_MESSAGES: Final[dict[Channel, tuple[type[msg.Message], ...]]] = {
    Channel.BIRTH: (msg.Birth,),
    Channel.DEATH: (msg.Death,),
    Channel.HEARTBEAT: (msg.Heartbeat,),
    Channel.REPLY: (msg.Reply,),
    Channel.ASK: (ask.Question,),
    Channel.RECEIPT: (msg.Receipt, msg.Refusal),
    Channel.COMMAND: (msg.Command,),
    Channel.ANSWER: (ask.Answer,),
}
_COMMANDS: Final = (msg.ShowSos, msg.RequestChanged, msg.RunDrill, msg.Ping)
_QUESTIONS: Final = (ask.AskBills, ask.AskPayment, ask.AskRequest, ask.AskOwn)
_ANSWERS: Final = (ask.BillsFound, ask.PaymentStands, ask.RequestsFound, ask.NotAnswered)
_PARTS: Final = (
    ent.Entry,
    ent.Quantity,
    ent.Blob,
    msg.Rejected,
    msg.DeviceHealth,
    msg.LaneHealth,
    msg.AmendmentRefused,
    ask.BillChosen,
    ask.OpenBill,
    ask.PaymentWay,
    ask.RequestFound,
)
_ENUMS: Final = (
    msg.SosStage,
    msg.Outcome,
    msg.RejectReason,
    RefuseReason,
    ent.DeviceState,
    ent.LineState,
    ent.SmsState,
    ent.VitalKind,
    ent.Flag,
    ent.ConsentScope,
    ent.SessionOutcome,
    ent.IssuerCheck,
    ent.CloneCheck,
    ent.RequestKind,
    ent.RequestAction,
)
_BODIES: Final = tuple(dict.fromkeys(body for bodies in ent.LANE_BODIES.values() for body in bodies))

_LARGEST: Final = 2**53 - 1
_PATTERN_NAMES: Final = {
    r"^[a-z0-9](?:[a-z0-9.-]{0,63})$": "name, 1 to 64 of a-z, 0-9, dot and hyphen",
    STATION_PATTERN: "station id",
    ID_PATTERN: "id, 32 hex digits",
    WARD_PATTERN: "ward code, 5 digits",
    TRACKING_PATTERN: "tracking code, e.g. `V68M-8BYZ-746J`",
    r"^[0-9a-f]{64}$": "SHA-256, 64 hex digits",
    r"^(?:[0-9a-f]{2}){0,64}$": "hex, at most 64 bytes",
    r"^[^\x00-\x1f\x7f]*$": "string without control characters, at most 200",
}

_INTRO: Final = """\
# The wire: how a station and the cloud talk

<!-- Written by `make wire-docs` from wire/. Do not edit: a test compares. -->

Whoever reads this page can write a station or a consumer. Everything is MQTT 3.1.1 with QoS 1 and JSON (RFC 8259,
UTF-8); MQTT 5 adds reason codes and nothing that matters. The same contract as an AsyncAPI 3 document:
[asyncapi.json](asyncapi.json).

## The rules

1. A station keeps a journal per lane and numbers its entries 1, 2, 3, ... without gaps. It tells nobody "recorded"
   before an entry is on disk.
2. It publishes entries in batches to the lane's topic, oldest first, and keeps them.
3. The cloud commits a batch, acknowledges it to the broker only then, and publishes a **receipt** with the committed
   ranges. What it can never store it names in `rejected`: the station sets that entry aside and tells a technician.
4. The station forgets an entry on its receipt and on nothing else. Without one it sends again: after a back-off with
   jitter, and at once after a reconnect. A PUBACK is no receipt.
5. The cloud recognises repetitions by (station, journal, lane, sequence), so an entry counts once however often it
   comes. A station that lost its journal makes a new journal id and starts at 1.
6. A payload that cannot be read is quarantined and answered by a **refusal**; nothing of it may be forgotten.
7. A higher lane never waits behind a lower one. A station sends an SOS at once and alone.
8. A bounded lane (`telemetry`) that overflows drops its oldest entries and says so with a `dropped` entry.
9. A command has an id and an expiry. It is done once however often it comes, and its one reply is repeated.
10. A question has one answer or none, and is kept by nobody: whoever hears nothing in time asks again.
11. A client's id is the common name of its certificate, so a station can write only below its own topics.

Unknown fields, other versions and values out of bounds are refused; a message without `v` is of version 1. Payloads
have at most {cap} bytes, batches at most {entries} entries. A struct of several kinds says which in `kind`. Times
are milliseconds since 1970 UTC (`..._at_ms`) or durations (`..._ms`); a number without its own bound ends at 2^53 - 1.

## Connecting

- TLS 1.2 or newer with the client's certificate; the client id is its common name. Turn Nagle's algorithm off
  (TCP_NODELAY): with it a receipt takes 40 ms longer.
- A station connects with a persistent session, a `Death` as its last will (`up/death`, QoS 1, not retained), subscribes its
  `down/#`, publishes its `Birth` (retained), then what waits in its journal, the `sos` lane first. It sends a `Heartbeat`
  every few seconds; after a planned stop it publishes `Death` itself.
- A consumer connects with a persistent session and acknowledges a message only after its commit.
- Whoever hears nothing (no PUBACK, no PINGRESP) for some seconds connects anew: a link may die without a word.

"""


def render_markdown() -> str:
    """Return the whole of docs/wire.md."""
    parts = [
        _INTRO.format(cap=msg.MAX_PAYLOAD_BYTES, entries=msg.MAX_BATCH_ENTRIES),
        "\n".join(_ids()),
        "\n".join(_topics()),
        "\n".join(_lanes()),
        "## Messages\n\n" + "\n".join(_structs((msg.Batch, *_channel_structs()))),
        "## Parts of messages\n\n" + "\n".join(_structs(_PARTS)),
        "## What a lane can hold\n\nThe `body` of an entry; `kind` tells which.\n\n"
        + "\n".join(_structs(_BODIES)),
        "## Commands\n\nThe `body` of a command; `kind` tells which.\n\n" + "\n".join(_structs(_COMMANDS)),
        "## Questions\n\nThe `body` of a question.\n\n" + "\n".join(_structs(_QUESTIONS)),
        "## Answers\n\nThe `body` of an answer.\n\n" + "\n".join(_structs(_ANSWERS)),
        "## Words\n\n" + "\n".join(_enums()),
        "\n".join(_measures()),
        "\n".join(_example()),
    ]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def render_asyncapi() -> str:
    """Return the AsyncAPI 3.0.0 document as JSON."""
    types: list[type[msg.Message]] = [msg.Batch, *_channel_structs()]
    schemas, components = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    document = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "TCDS wire",
            "version": "1.0.0",
            "description": "How a digital citizen station and the cloud talk. See wire.md for the rules.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": dict(_asyncapi_channels()),
        "operations": dict(_asyncapi_operations()),
        "components": {
            "messages": {
                kind.__name__: {"name": kind.__name__, "summary": _summary(kind), "payload": schema}
                for kind, schema in zip(types, schemas, strict=True)
            },
            "schemas": components,
        },
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _channel_structs() -> tuple[type[msg.Message], ...]:
    return tuple(kind for kinds in CHANNEL_MESSAGES.values() for kind in kinds)


def _sample(kind: Lane | Channel) -> str:
    token = _SAMPLE_ID if kind in WITH_ID else None
    return str(Topic(_SAMPLE_STATION, kind, token))


def _address(kind: Lane | Channel) -> str:
    text = _sample(kind).replace(_SAMPLE_STATION, "{station}").replace(_SAMPLE_ID, "{id}")
    return text.replace(f"/{shard_text(shard_of(_SAMPLE_STATION))}/", "/{shard}/")


def _ids() -> Iterator[str]:
    yield "## Ids\n"
    yield "| id | form | what it is |"
    yield "|---|---|---|"
    station_form = STATION_PATTERN.replace("|", r"\|")
    yield f"| station | `{station_form}` | also the certificate's common name and the client id |"
    yield f"| journal, boot, command, incident | `{ID_PATTERN}` | 128 random bits |"
    yield "| request, amendment | the same | minted where it is made: the same again is the same one |"
    yield f"| tracking | `{TRACKING_PATTERN}` | what a person is given; see wire/tracking.py |"
    yield f"| ward | `{WARD_PATTERN}` | commune-level code of the General Statistics Office |"
    yield (
        f"| shard | `00` to `{SHARDS - 1}` | CRC-32 (ISO-HDLC) of the station id modulo {SHARDS}; "
        f"`{_SAMPLE_STATION}` has {shard_text(shard_of(_SAMPLE_STATION))} |\n"
    )


def _topics() -> Iterator[str]:
    yield "## Topics\n"
    yield "| topic | message | QoS, retained |"
    yield "|---|---|---|"
    yield "| `tcds/v1/{shard}/{station}/up/{lane}` | Batch | 1 |"
    for channel, kinds in CHANNEL_MESSAGES.items():
        retained = ", retained" if channel is Channel.BIRTH else ""
        yield f"| `{_address(channel)}` | {' or '.join(kind.__name__ for kind in kinds)} | 1{retained} |"
    yield "\nA station subscribes `tcds/v1/{shard}/{station}/down/#`, a consumer `tcds/v1/{shard}/+/up/#` per shard.\n"


def _lanes() -> Iterator[str]:
    yield "## Lanes, highest priority first\n"
    yield "| lane | holds |"
    yield "|---|---|"
    for lane, bodies in ent.LANE_BODIES.items():
        yield f"| `{lane}` | {', '.join(f'`{_tag(body)}`' for body in bodies) or 'reserved'} |"
    yield ""


def _structs(kinds: Iterable[type[msgspec.Struct]]) -> Iterator[str]:
    for kind in kinds:
        tag = _tag(kind)
        yield f"### {kind.__name__}{f' (`kind: {tag}`)' if tag else ''}\n"
        yield f"{inspect.getdoc(kind)}\n"
        schema = msgspec.json.schema_components([kind])[1][kind.__name__]
        required = set(schema.get("required", ()))
        rows = [
            f"| `{name}` | {_type(rule)} | {'yes' if name in required else 'no'} |"
            for name, rule in schema["properties"].items()
            if not (name == "kind" and tag)
        ]
        if rows:
            yield "| field | value | required |"
            yield "|---|---|---|"
            yield from rows
            yield ""


def _enums() -> Iterator[str]:
    yield "| type | values |"
    yield "|---|---|"
    for kind in _ENUMS:
        yield f"| {kind.__name__} | {', '.join(f'`{member}`' for member in kind)} |"
    yield ""


def _measures() -> Iterator[str]:
    yield "## Measures\n"
    yield "Units are UCUM codes; a value outside the range is set aside as implausible.\n"
    for title, measures in (
        ("Of a person: only in `measured`, lane `vitals`.", VITAL_MEASURES),
        ("Of a station: only in `reading`, lane `telemetry`.", STATION_MEASURES),
    ):
        yield f"{title}\n"
        yield "| measure | unit | range | what it is |"
        yield "|---|---|---|---|"
        for item in measures.values():
            yield f"| `{item.name}` | `{item.unit}` | {item.low:g} to {item.high:g} | {item.meaning} |"
        yield ""


def _example() -> Iterator[str]:
    press = ent.SosPressed(button="b1", source="0a1b2c3d.4.17", ago_ms=41)
    entry = ent.Entry(seq=7, at_ms=1_780_000_000_000, uptime_ms=86_400_000, body=press)
    batch = msg.Batch(
        station=_SAMPLE_STATION,
        journal=_SAMPLE_ID,
        boot=_SAMPLE_ID[::-1],
        lane=Lane.SOS,
        sent_at_ms=1_780_000_000_001,
        entries=[entry],
    )
    receipt = msg.Receipt(
        station=_SAMPLE_STATION,
        journal=_SAMPLE_ID,
        lane=Lane.SOS,
        ranges=[(7, 7)],
        committed_at_ms=1_780_000_000_004,
    )
    yield "## One press and its receipt\n"
    for kind, message in ((Lane.SOS, batch), (Channel.RECEIPT, receipt)):
        pretty = msgspec.json.format(msgspec.json.encode(message), indent=2).decode()
        yield f"`{_sample(kind)}`\n\n```json\n{pretty}\n```\n"


def _tag(kind: type[msgspec.Struct]) -> str:
    tag = kind.__struct_config__.tag
    return str(tag) if tag else ""


def _summary(kind: type[msgspec.Struct]) -> str:
    return (inspect.getdoc(kind) or "").split("\n", maxsplit=1)[0]


def _type(rule: dict[str, Any]) -> str:
    """Say a JSON Schema rule in a few words."""
    if "$ref" in rule:
        return str(rule["$ref"]).rsplit("/", maxsplit=1)[-1]
    if "anyOf" in rule:
        return " or ".join(_type(option) for option in rule["anyOf"])
    if "enum" in rule:
        return ", ".join(f"`{value}`" for value in rule["enum"])
    if rule.get("type") == "array":
        return _array(rule)
    return _scalar(rule, str(rule.get("type", "any")))


def _scalar(rule: dict[str, Any], text: str) -> str:
    if rule.get("contentEncoding") == "base64":
        return f"base64 (RFC 4648, 4), {rule['description']}"
    if "pattern" in rule:
        return _PATTERN_NAMES.get(rule["pattern"], f"{text} `{rule['pattern']}`")
    bounds = _bounds(rule, "minimum", "maximum") or _bounds(rule, "minLength", "maxLength")
    return f"{text}{bounds}{', milliseconds' if rule.get('description') == 'milliseconds' else ''}"


def _array(rule: dict[str, Any]) -> str:
    if "prefixItems" in rule:
        return "[first, last]"
    return f"array of {_type(rule.get('items') or {})}{_bounds(rule, 'minItems', 'maxItems')}"


def _bounds(rule: dict[str, Any], low: str, high: str) -> str:
    if rule.get(high) == _LARGEST:
        return f" >= {rule[low]}"
    if low in rule and high in rule:
        return f", {rule[low]} to {rule[high]}"
    if high in rule:
        return f", at most {rule[high]}"
    return f", at least {rule[low]}" if low in rule else ""


def _asyncapi_channels() -> Iterator[tuple[str, Any]]:
    parameters = {"shard": {"description": "00 to 63"}, "station": {"description": STATION_PATTERN}}
    for lane in Lane:
        yield (
            f"up-{lane}",
            {"address": _address(lane), "parameters": parameters, "messages": _message_refs((msg.Batch,))},
        )
    for channel, kinds in CHANNEL_MESSAGES.items():
        extra = {"id": {"description": ID_PATTERN}} if "{id}" in _address(channel) else {}
        yield (
            str(channel).replace("/", "-"),
            {
                "address": _address(channel),
                "parameters": parameters | extra,
                "messages": _message_refs(kinds),
            },
        )


def _asyncapi_operations() -> Iterator[tuple[str, Any]]:
    for kind in (*Lane, *Channel):
        name = f"up-{kind}" if isinstance(kind, Lane) else str(kind).replace("/", "-")
        action = "send" if name.startswith("up-") else "receive"
        yield f"{action}-{name}", {"action": action, "channel": {"$ref": f"#/channels/{name}"}}


def _message_refs(kinds: Iterable[type[msg.Message]]) -> dict[str, Any]:
    return {kind.__name__: {"$ref": f"#/components/messages/{kind.__name__}"} for kind in kinds}
