"""kill -9 in the middle of appends, again and again: whatever `append` returned for is there, once, in its place."""

import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from edge.journal.inspect import summarize
from tests.edge.journal.conftest import OpenJournal, sequences
from wire.topics import Lane

_ROUNDS = 5
_CHILD = """
import asyncio, sys
from pathlib import Path
from edge.journal.journal import open_journal
from edge.journal.records import KIB, MIB, Limits
from tests.edge.journal.conftest import BOOT, note, press, receipt
from wire.topics import Lane

async def append_for_ever(journal, worker, start):
    number = 0
    while True:
        number += 1
        if worker % 2:
            answer = await press(journal, f"{start}.{worker}.{number}")
            print("sos", answer.seq, f"{start}.{worker}.{number}", flush=True)
        else:
            answer = await note(journal, source=f"{start}.{worker}.{number}")
            print("event", answer.seq, f"{start}.{worker}.{number}", flush=True)
        if worker == 1 and number % 7 == 0:
            settled = await journal.settle(receipt(journal, Lane.EVENT, (1, answer.seq // 2 or 1)))
            for seq in settled.forgotten:
                print("gone", seq, "-", flush=True)

async def main(path, start):
    limits = Limits(max_bytes=8 * MIB, reserve_bytes=256 * KIB)
    async with open_journal(Path(path), limits, boot="0" * 32) as journal:
        await asyncio.gather(*(append_for_ever(journal, worker, start) for worker in range(8)))

asyncio.run(main(sys.argv[1], sys.argv[2]))
"""


async def test_what_append_returned_for_survives_kill_9(path: Path, reopen: OpenJournal) -> None:
    promised: dict[tuple[str, int], str] = {}
    gone: set[int] = set()
    for start in range(_ROUNDS):
        for lane, seq, source in _killed_in_mid_append(path, start):
            if lane == "gone":
                gone.add(seq)
                continue
            assert (lane, seq) not in promised, "a sequence was given twice"
            promised[lane, seq] = source
    assert len(promised) > 50
    with sqlite3.connect(path) as connection:
        kept = {
            (lane, seq): source
            for lane, seq, source in connection.execute("SELECT lane, seq, source FROM entry")
        }
    connection.close()
    lost = {key for key in promised.keys() - kept.keys() if key[0] == "sos" or key[1] not in gone}
    # A deletion may have been committed whose answer was cut off; it never reaches beyond half of the lane.
    horizon = max(gone, default=0) * 2 + 100
    assert not {key for key in lost if key[0] == "sos" or key[1] > horizon}
    assert all(kept[key] == source for key, source in promised.items() if key in kept)
    async with reopen() as journal:
        assert journal.tallies[Lane.SOS].depth == journal.tallies[Lane.SOS].last_seq
        waiting = await sequences(journal, Lane.SOS)
        assert waiting == list(range(1, len(waiting) + 1)), "dense also over the crashes"
    assert summarize(path).lanes[Lane.SOS].depth == len(waiting)


def _killed_in_mid_append(path: Path, start: int) -> list[tuple[str, int, str]]:
    """Let a child append for a moment, kill it, and return the lines that it finished."""
    with subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(path), str(start)], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        assert first, "the child did not start"
        time.sleep(random.uniform(0.01, 0.15))
        child.kill()
        lines = (first + child.stdout.read()).splitlines(keepends=True)
    whole = [line.split() for line in lines if line.endswith("\n")]
    return [(lane, int(seq), source) for lane, seq, source in whole]
