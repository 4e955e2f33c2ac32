"""How much faster each instrument's codec is than its instrument can speak; one core, nothing else.

    python -m bench.codecs [--seconds 0.5]

A wired instrument can fill its line (bits a byte as the line is opened); its stream is what it sends in use, fed in pieces
of 64 bytes, the packet of a USB serial chip, with the questions of the protocol where there are any. A Bluetooth device can
send a value at each connection event, the shortest interval being 7.5 ms (Core, vol. 6, part B, 4.5.1). The ratio is of CPU
time, since other programs share the machine; the best of three rounds counts. `noise` is the ratio for random bytes.
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from typing import Final

from bench.measure import report
from edge.codecs.gatt.characteristics import events_of
from edge.codecs.gatt.errors import CodecError
from edge.codecs.instrument import DeviceTime
from edge.codecs.serial.berrymed_frames import frame
from edge.codecs.serial.protocol import SerialProtocol
from edge.codecs.serial.taidoc_frames import FROM_METER, encode, encode_time
from edge.drivers.serial_drivers import SERIAL_DRIVERS
from tests.edge.codecs.gatt.captures import FOLDER, capture
from tests.fakes.ble import frames

GOAL: Final = 50
PACKET_BYTES: Final = 64
ROUNDS: Final = 3
INTERVAL_S: Final = 0.0075
NOON: Final = DeviceTime(2027, 3, 1, 12, 0, 0)
BATCH: Final = 200


def main() -> None:
    """Measure, print a table, and end with the JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=0.5, help="of each of three rounds of each codec")
    seconds = parser.parse_args().seconds
    figures: dict[str, dict[str, float]] = {name: _measure_serial(name, seconds) for name in SERIAL_DRIVERS}
    for name, values in _values().items():
        figures[f"gatt-{name}"] = _measure_gatt(name, values, seconds)
    for name, row in figures.items():
        print(f"{name:24} {row['frames_per_cpu_s']:>10,.0f} /CPU s  {row['ratio']:>7,.0f} x")
    slowest = min(figures, key=lambda name: figures[name]["ratio"])
    summary = {"slowest": slowest, "slowest_ratio": figures[slowest]["ratio"]}
    report("codecs", summary | figures, samples=len(figures), baseline={"goal_ratio": GOAL})


def _measure_serial(name: str, seconds: float) -> dict[str, float]:
    protocol = SERIAL_DRIVERS[name]()
    for kind in protocol.traits.kinds:
        protocol.begin(kind, 0)
    converse = _converse_with_meter if name.startswith("taidoc") else _listen
    stream = _streams().get(name, b"")
    before, size = protocol.frames, 0

    def work() -> int:
        nonlocal size
        at = protocol.frames
        size += converse(protocol, stream)
        return protocol.frames - at

    rates = _best_rates(work, seconds)
    bytes_per_s = protocol.traits.baud / (10 if protocol.traits.parity == "N" else 11)
    device_per_s = bytes_per_s * (protocol.frames - before) / size
    return _row(rates, device_per_s) | {"noise": round(_noise_per_cpu_s(name, seconds) / bytes_per_s)}


def _measure_gatt(name: str, values: list[bytes], seconds: float) -> dict[str, float]:
    number = int(name, 16)
    batch = list(islice(cycle(values), BATCH))

    def work() -> int:
        for value in batch:
            events_of(number, value)
        return len(batch)

    return _row(_best_rates(work, seconds), 1 / INTERVAL_S)


def _row(rates: tuple[float, float], device_per_s: float) -> dict[str, float]:
    per_s, per_cpu_s = rates
    return {
        "frames_per_s": round(per_s),
        "frames_per_cpu_s": round(per_cpu_s),
        "device_frames_per_s": round(device_per_s, 1),
        "ratio": round(per_cpu_s / device_per_s),
    }


def _best_rates(work: Callable[[], int], seconds: float) -> tuple[float, float]:
    """Return the frames a second and a CPU-second of the best round of a work that returns how many it did."""
    work()
    rounds = [_rates(work, seconds) for _ in range(ROUNDS)]
    return max(per_s for per_s, _ in rounds), max(per_cpu_s for _, per_cpu_s in rounds)


def _rates(work: Callable[[], int], seconds: float) -> tuple[float, float]:
    done = 0
    started, started_cpu = time.perf_counter(), time.process_time()
    while time.perf_counter() - started < seconds:
        done += work()
    return done / (time.perf_counter() - started), done / (time.process_time() - started_cpu)


def _packets(stream: bytes) -> Iterator[bytes]:
    return (stream[at : at + PACKET_BYTES] for at in range(0, len(stream), PACKET_BYTES))


def _listen(protocol: SerialProtocol, stream: bytes) -> int:
    """Feed a stream; return its size."""
    for packet in _packets(stream):
        protocol.feed(packet)
    return len(stream)


def _converse_with_meter(protocol: SerialProtocol, stream: bytes) -> int:
    """Answer the questions of twenty rounds; return the size of the answers."""
    del stream
    size = 0
    answers = {
        0x23: encode_time(NOON),
        0x24: b"\x77\x42\0\0",
        0x25: encode_time(NOON),
        0x26: b"\x7c\x5e\x4f\x44",
        0x2B: b"\x01\0\0\0",
    }
    for _ in range(20):
        question = protocol.poll(protocol.next_poll_ms or 0, NOON)
        while question:
            answer = encode(question[1], answers.get(question[1], bytes(4)), FROM_METER)
            size += len(answer)
            protocol.feed(answer)
            question = protocol.poll(0, NOON) if protocol.next_poll_ms == 0 else b""
    return size


def _streams() -> dict[str, bytes]:
    """Return some seconds of each instrument: of the module, oxygen with its wave, temperature, and a running cuff."""
    pleth = b"".join(frame(bytes((0xFE, sample))) for sample in range(25))
    numbers = frame(b"\x04\0\x61\x44") + frame(b"\x05\0\x24\x06\0\0")
    second = 2 * (pleth + frame(bytes((0x03, 0x05, 60, 0, 0, 0)))) + numbers
    return {
        "berrymed-pm6750": 4 * second,
        "contec-cms50d-plus": b"".join(bytes((0x87, sample, 0x04, 0x44, 0x61)) for sample in range(120)),
        "contec-cms50d-plus-v46": b"".join(
            bytes((0x01, 0x80, 0x87, 0x80 | sample, 0x94, 0xC4, 0xE1, 0xA0, 0x83)) for sample in range(120)
        ),
        "height-rod": b"".join(b"R%04d\r" % height for height in range(1_500, 1_700)),
    }


def _noise_per_cpu_s(name: str, seconds: float) -> float:
    protocol = SERIAL_DRIVERS[name]()
    noise = random.Random(7).randbytes(8_192)
    return _best_rates(lambda: _listen(protocol, noise), seconds / 2)[1]


def _values() -> dict[str, list[bytes]]:
    """Return values of each characteristic by its number: published ones, and of those that have none our own."""
    values = {
        "2a1e": [frames.temperature(value=37)],
        "2a34": [frames.glucose_context(sequence=1)],
        "2a9d": [frames.weight(value=70, index_and_height=(24, 2))],
    }
    for path in sorted(FOLDER.glob("2a*.hex")):
        number = path.name[:4]
        values.setdefault(number, []).extend(
            value for value in capture(path.stem) if _is_taken(number, value)
        )
    return {number: found for number, found in values.items() if found}


def _is_taken(number: str, value: bytes) -> bool:
    try:
        events_of(int(number, 16), value)
    except CodecError:
        return False
    return True


if __name__ == "__main__":
    main()
