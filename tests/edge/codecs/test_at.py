import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.codecs.at import (
    MAX_LINE,
    AtEvent,
    AtParser,
    ErrorKind,
    Failed,
    Info,
    Noise,
    Ok,
    Pdu,
    Prompt,
    Text,
)

REPORT = "07914889200026F3" + "06010B914809214365F762112241030082621122410300820 0".replace(" ", "")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (b"\r\nOK\r\n", [Ok()]),
        (b"\r\nERROR\r\n", [Failed(ErrorKind.PLAIN)]),
        (b"\r\nNO CARRIER\r\n", [Failed(ErrorKind.PLAIN)]),
        (b"\r\n+CME ERROR: 10\r\n", [Failed(ErrorKind.EQUIPMENT, 10)]),
        (b"\r\n+CMS ERROR: 331\r\n", [Failed(ErrorKind.MESSAGE, 331)]),
        (b"\r\n+CMS ERROR: network timeout\r\n", [Failed(ErrorKind.MESSAGE)]),
        (b"\r\n+CREG: 0,1\r\n\r\nOK\r\n", [Info("+CREG", "0,1"), Ok()]),
        (b"\r\n^RSSI:18\r\n", [Info("^RSSI", "18")]),
        (b"\r\n> ", [Prompt()]),
        (b"AT+CSQ\r\r\n+CSQ: 18,99\r\n\r\nOK\r\n", [Text("AT+CSQ"), Info("+CSQ", "18,99"), Ok()]),
        (b"\r\nRING\r\n", [Text("RING")]),
        (b"\r\n\xff\xfe\x01\r\nOK\r\n", [Noise(3), Ok()]),
        (
            f"\r\n+CDS: 25\r\n{REPORT}\r\n".encode(),
            [Info("+CDS", "25"), Pdu(bytes.fromhex(REPORT))],
        ),
        (b"> \r\n+CMGS: 7\r\n\r\nOK\r\n", [Prompt(), Info("+CMGS", "7"), Ok()]),
    ],
)
def test_each_line_has_its_meaning(said: bytes, meant: list[AtEvent]) -> None:
    assert AtParser().feed(said) == meant


def test_an_endless_line_is_noise_and_costs_the_next_one_nothing() -> None:
    parser = AtParser()
    assert parser.feed(b"x" * (10 * MAX_LINE)) == []
    assert len(parser._line) == MAX_LINE
    assert parser.feed(b"\r\nOK\r\n") == [Noise(10 * MAX_LINE), Ok()]


def test_an_error_tells_its_code_and_nothing_else() -> None:
    assert str(Failed(ErrorKind.MESSAGE, 331)) == "CMS 331"
    assert str(Failed(ErrorKind.PLAIN)) == "ERROR"


LINES = st.sampled_from(
    [b"\r\nOK\r\n", b"\r\n> ", b"\r\n+CSQ: 9,99\r\n", b"RING\r", b">x\r\n", b"\r\n\xf0\r\n"]
)


@given(st.lists(st.one_of(LINES, st.binary(max_size=40)), max_size=20), st.data())
def test_any_chunking_gives_the_same_events(parts: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(parts)
    whole = AtParser().feed(stream)
    parser, events, at = AtParser(), list[AtEvent](), 0
    while at < len(stream):
        size = data.draw(st.integers(1, 9))
        events += parser.feed(stream[at : at + size])
        at += size
    assert events == whole


@given(st.binary(max_size=2_000))
def test_nothing_makes_it_fail_or_grow(noise: bytes) -> None:
    parser = AtParser()
    parser.feed(noise)
    assert len(parser._line) <= MAX_LINE
    assert parser.feed(b"\r\nOK\r\n")[-1] == Ok()
