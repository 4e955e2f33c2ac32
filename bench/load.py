"""`python -m bench.load`: many stations at once from one process, each sending a batch of readings every second.

It speaks the wire and no more: no journal, no board. Started by benchmarks that want a busy broker and ingest.
"""

import argparse
import asyncio
import random
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

import aiomqtt
import msgspec

from cloud.clock import now_ms
from wire.codec import LooseBatch, LooseEntry, encode, encode_body
from wire.entries import Reading
from wire.topics import Lane, Topic, downlink_filter

_NODELAY = ((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),)
_CONNECTS_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Load:
    """Where to send, and what."""

    port: int
    pki: Path
    period_s: float
    readings: int


async def send_batches(load: Load, station: str, gate: asyncio.Semaphore, started: asyncio.Event) -> None:
    """Be one station until cancelled."""
    context = ssl.create_default_context(cafile=str(load.pki / "ca.pem"))
    context.load_cert_chain(load.pki / f"{station}.crt", load.pki / f"{station}.key")
    async with gate:
        client = aiomqtt.Client(
            "127.0.0.1",
            load.port,
            identifier=station,
            tls_context=context,
            socket_options=_NODELAY,
            keepalive=60,
        )
        await client.__aenter__()
        await client.subscribe(downlink_filter(station), qos=1)
    started.set()
    seq = 1
    topic = str(Topic(station, Lane.TELEMETRY))
    await asyncio.sleep(random.uniform(0, load.period_s))
    while True:
        await client.publish(topic, readings_batch(station, seq, load.readings), qos=1)
        seq += load.readings
        await asyncio.sleep(load.period_s)


def readings_batch(station: str, first_seq: int, count: int) -> bytes:
    """Return the payload of one batch of plausible readings."""
    at_ms = now_ms()
    entries = [
        LooseEntry(
            seq=seq,
            at_ms=at_ms,
            uptime_ms=seq,
            body=msgspec.Raw(
                encode_body(Reading(measure="cabin-temperature", value=20 + seq % 10, sensor="t1"))
            ),
        )
        for seq in range(first_seq, first_seq + count)
    ]
    return encode(
        LooseBatch(
            station=station,
            journal="a" * 32,
            boot="b" * 32,
            lane=Lane.TELEMETRY,
            sent_at_ms=at_ms,
            entries=entries,
        )
    )


async def _run(load: Load, stations: list[str]) -> None:
    gate = asyncio.Semaphore(_CONNECTS_AT_ONCE)
    events = [asyncio.Event() for _ in stations]
    async with asyncio.TaskGroup() as group:
        for station, started in zip(stations, events, strict=True):
            group.create_task(send_batches(load, station, gate, started), name=station)
        await asyncio.gather(*(event.wait() for event in events))
        print(f"{len(stations)} stations send", flush=True)


def main() -> None:
    """Send until ended by a signal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument(
        "--pki", type=Path, required=True, help="directory with ca.pem and a pair of files per station"
    )
    parser.add_argument("--prefix", default="load", help="stations are called PREFIX-0001, ...")
    parser.add_argument("--stations", type=int, default=200)
    parser.add_argument("--readings", type=int, default=10, help="readings per batch")
    parser.add_argument("--period-s", type=float, default=1.0)
    given = parser.parse_args()
    names = [f"{given.prefix}-{number:04d}" for number in range(1, given.stations + 1)]
    asyncio.run(_run(Load(given.port, given.pki, given.period_s, given.readings), names))


if __name__ == "__main__":
    main()
