"""Papers reach the disk in parts, once however often they are written, or are refused before anything is."""

from pathlib import Path

import pyrage
import pytest

from edge.journal.records import MIB, Limits
from edge.papers.errors import LaneFullError
from tests.edge.papers.samples import READER, a_disk, joined, picture

REQUEST = "4e" * 16
ONE = picture(1)
NARROW = Limits(max_bytes=4 * MIB, reserve_bytes=MIB // 2)
"""Half of it takes some twenty parts."""


async def test_a_paper_is_on_disk_in_parts_that_its_reader_can_open(tmp_path: Path) -> None:
    papers = [picture(1, size_bytes=1_200_000), picture(2)]
    async with a_disk(tmp_path) as disk:
        disk.spool.require_room(papers)
        await disk.spool.write(REQUEST, papers, at_ms=5)
        parts = await disk.parts()
    assert len(parts) == 19 + 3
    assert {part.request for part in parts} == {REQUEST}
    for paper in papers:
        assert pyrage.decrypt(joined(parts, paper.blob.sha256), [READER]) == paper.jpeg


async def test_what_is_written_again_is_there_once(tmp_path: Path) -> None:
    async with a_disk(tmp_path) as disk:
        for _ in range(2):
            await disk.spool.write(REQUEST, [ONE], at_ms=5)
        assert len(await disk.parts()) == 3


async def test_a_full_lane_refuses_before_anything_is_written(tmp_path: Path) -> None:
    async with a_disk(tmp_path, NARROW) as disk:
        await disk.spool.write(REQUEST, [picture(7, size_bytes=1_200_000)], at_ms=5)
        disk.spool.require_room([ONE])
        with pytest.raises(LaneFullError):
            disk.spool.require_room([ONE, picture(2)])
        disk.spool.require_room([])
        assert len(await disk.parts()) == 19
