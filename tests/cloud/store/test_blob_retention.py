"""Papers go with what was sealed of their request; those whose request never came, after a while; in small steps."""

import pytest
from sqlalchemy import func, select

from cloud.requests.request import Verb
from cloud.store import request_retention
from cloud.store.engine import Store
from cloud.store.schema import BLOB, BLOB_PART
from tests.cloud.blobs import PARTS, blob_of, cut, paper, send
from tests.cloud.requesting import NOW_MS, REQUEST, bring, do, submitted
from tests.cloud.requests.samples import DAY_MS

LOST = "5f" * 16


def sweep(store: Store, ended_before_ms: int, received_before_ms: int, limit: int = 100) -> int:
    with store.writing() as connection:
        return request_retention.sweep_blobs(connection, ended_before_ms, received_before_ms, limit)


def kept(store: Store) -> tuple[int, int]:
    """Return how many blobs and parts there are."""
    with store.reading() as connection:
        return (
            connection.execute(select(func.count()).select_from(BLOB)).scalar_one(),
            connection.execute(select(func.count()).select_from(BLOB_PART)).scalar_one(),
        )


@pytest.fixture(autouse=True)
def papers(store: Store) -> None:
    """One of a request, one of a request that has not come."""
    bring(store, submitted(blobs=[blob_of(paper())]))
    send(store, cut(paper()))
    send(store, cut(paper(2), LOST), now_ms=NOW_MS)


def test_papers_of_an_open_request_stay_however_old_they_are(store: Store) -> None:
    assert sweep(store, NOW_MS + 900 * DAY_MS, NOW_MS) == 0
    assert kept(store) == (2, 2 * PARTS)


def test_papers_go_when_their_request_has_been_over_for_long_enough(store: Store) -> None:
    ended_ms = NOW_MS + DAY_MS
    do(store, Verb.REFUSE, request=REQUEST, reason="not-competent", now_ms=ended_ms)
    assert sweep(store, ended_ms, NOW_MS) == 0
    assert sweep(store, ended_ms + 1, NOW_MS) == PARTS + 1
    assert kept(store) == (1, PARTS)


def test_papers_whose_request_never_came_go_after_a_while(store: Store) -> None:
    assert sweep(store, NOW_MS, NOW_MS + 1) == PARTS + 1
    assert kept(store) == (1, PARTS)
    send(store, cut(paper(2), LOST)[:1], now_ms=NOW_MS + 5)
    assert kept(store) == (2, PARTS + 1), "what comes late waits again"


def test_a_step_is_bounded_and_the_next_goes_on(store: Store) -> None:
    steps = [sweep(store, NOW_MS, NOW_MS + 1, limit=2) for _ in range(3)]
    assert steps == [2, 2, 0]
    assert kept(store) == (1, PARTS)
