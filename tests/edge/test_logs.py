import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.logs import JsonLines, Log, PlainLines, start_logging


@pytest.fixture(autouse=True)
def untouched_root() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_is_one_json_object() -> None:
    stream = io.StringIO()
    start_logging("info", stream)
    Log("edge.test").info("port opened", path=Path("/dev/x"), bytes=5)
    (line,) = stream.getvalue().splitlines()
    entry = json.loads(line)
    assert entry.pop("at").endswith("+00:00")
    assert entry == {
        "level": "info",
        "name": "edge.test",
        "event": "port opened",
        "path": "/dev/x",
        "bytes": 5,
    }


def test_a_newline_cannot_forge_a_line() -> None:
    stream = io.StringIO()
    start_logging("info", stream)
    Log("edge.test").error("bad\n{}", reason="a\nb")
    assert len(stream.getvalue().splitlines()) == 1


def test_below_the_level_nothing_is_said() -> None:
    stream = io.StringIO()
    start_logging("warning", stream)
    Log("edge.test").info("quiet")
    Log("edge.test").debug("quieter")
    assert stream.getvalue() == ""


def test_starting_again_does_not_double_the_lines() -> None:
    stream = io.StringIO()
    start_logging("info", stream)
    start_logging("info", stream)
    Log("edge.test").warning("once")
    assert len(stream.getvalue().splitlines()) == 1


@pytest.mark.parametrize("formatter", [JsonLines(), PlainLines()])
def test_an_exception_brings_its_traceback(formatter: logging.Formatter) -> None:
    stream = io.StringIO()
    start_logging("info", stream)
    logging.getLogger().handlers[0].setFormatter(formatter)
    try:
        raise ZeroDivisionError("x")  # noqa: TRY301 - the traceback is the point
    except ZeroDivisionError:
        Log("edge.test").exception("failed", part="x")
    assert "ZeroDivisionError" in stream.getvalue()
    assert "test_logs.py" in stream.getvalue()


def test_a_person_reads_plain_lines() -> None:
    record = logging.makeLogRecord(
        {"msg": "port lost", "levelname": "WARNING", "name": "edge", "fields": {"times": 2}}
    )
    assert PlainLines().format(record).endswith("warning edge  port lost  times=2")
