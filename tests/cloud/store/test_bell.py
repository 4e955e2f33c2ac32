"""The bell: a ring wakes every listener, in this process and others, and never disturbs who rings."""

import subprocess
import sys
import threading
import time
from pathlib import Path

from cloud.store.bell import DatagramBells
from cloud.store.engine import Store, open_store
from tests.rig.postgres import Postgres

SOON_S = 5.0
AT_ONCE_S = 0.01


def test_a_ring_wakes_a_waiting_thread(store: Store) -> None:
    heard: list[bool] = []
    with store.bell() as bell:
        thread = threading.Thread(target=lambda: heard.append(bell.wait(SOON_S)))
        started = time.monotonic()
        thread.start()
        store.ring()
        thread.join()
    assert heard == [True]
    assert time.monotonic() - started < SOON_S / 2


def test_silence_is_told_after_the_timeout(store: Store) -> None:
    with store.bell() as bell:
        assert not bell.wait(AT_ONCE_S)


def test_a_ring_before_the_wait_is_heard(store: Store) -> None:
    with store.bell() as bell:
        store.ring()
        assert bell.wait(SOON_S)


def test_every_listener_hears(store: Store) -> None:
    with store.bell() as first, store.bell() as second:
        store.ring()
        assert first.wait(SOON_S)
        assert second.wait(SOON_S)


def test_another_store_on_the_same_database_rings_too(store_url: str) -> None:
    with open_store(store_url) as here, open_store(store_url) as there, here.bell() as bell:
        there.ring()
        assert bell.wait(SOON_S)


def test_ringing_with_nobody_there_does_nothing(store: Store) -> None:
    for _ in range(3):
        store.ring()


def test_a_listener_that_never_listens_does_not_hold_up_the_ringer(store: Store) -> None:
    with store.bell(), store.bell() as awake:
        started = time.monotonic()
        for _ in range(300):
            store.ring()
        assert time.monotonic() - started < SOON_S
        assert awake.wait(SOON_S)


def test_many_rings_are_heard_as_few(store: Store) -> None:
    with store.bell() as bell:
        for _ in range(5):
            store.ring()
        rings = 0
        while bell.wait(0.05):
            rings += 1
    assert 1 <= rings <= 5


def test_a_dead_listener_is_cleaned_away(tmp_path: Path) -> None:
    directory = tmp_path / "bells"
    code = (
        "import os, sys; from pathlib import Path; from cloud.store.bell import DatagramBells; "
        "DatagramBells(Path(sys.argv[1])).listen(); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code, str(directory)], check=True, cwd=Path(__file__).parents[3])
    assert len(list(directory.iterdir())) == 1
    with DatagramBells(directory) as bells, bells.listen() as bell:
        bells.ring()
        assert bell.wait(SOON_S)
        assert len(list(directory.iterdir())) == 1
    assert list(directory.iterdir()) == []


def test_a_path_that_is_too_long_for_a_socket_works(tmp_path: Path) -> None:
    directory = tmp_path / ("long" * 30)
    with DatagramBells(directory) as bells, bells.listen() as bell:
        bells.ring()
        assert bell.wait(SOON_S)


def test_a_listener_outlives_a_fail_over(postgres: Postgres, postgres_url: str) -> None:
    with open_store(postgres_url) as store, store.bell() as bell:
        postgres.cut_connections(postgres_url)
        assert not bell.wait(AT_ONCE_S), "the cut is found"
        assert bell.wait(SOON_S), "back again: rings may have been missed"
        store.ring()
        assert bell.wait(SOON_S)
