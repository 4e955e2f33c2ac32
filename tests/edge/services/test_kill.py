"""kill -9 at every step of a submission: the request is there once or not at all, and no number is given out twice."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

from edge.services.view import Action, Page
from tests.edge.papers.samples import joined, parts_of
from tests.edge.services.conftest import a_place, requests_of
from tests.edge.services.killed import DRAFT_STEPS, PAPER_STEPS, STEPS
from wire.entries import RequestSubmitted
from wire.tracking import parts_of as parts_of_code

ROOT = Path(__file__).parents[3]
WRITTEN = frozenset({"after-append", "before-told", "told", "never"})
"""The steps at which the journal has it."""


def submit(directory: Path, step: str, *with_what: str) -> str:
    """Let a daemon submit and die at `step`; return what it printed."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.edge.services.killed", str(directory), step, *with_what],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=50,
    )
    assert run.returncode == (0 if step in {"never", "draft-told"} else -signal.SIGKILL), run.stderr
    return run.stdout.strip()


async def kept(directory: Path) -> list[RequestSubmitted]:
    async with a_place(directory) as place:
        return await requests_of(place.journal)


async def test_a_request_is_there_once_or_not_at_all_wherever_the_daemon_was_killed(tmp_path: Path) -> None:
    expected = 0
    for step in STEPS:
        printed = await asyncio.to_thread(submit, tmp_path, step)
        expected += step in WRITTEN
        bodies = await kept(tmp_path)
        assert len(bodies) == expected, step
        assert len({body.request for body in bodies}) == expected
        assert len({body.tracking for body in bodies}) == expected
        assert printed == (bodies[-1].tracking if step == "never" else "")
    numbers = [parts_of_code(body.tracking)[1] for body in bodies]
    assert numbers == sorted(numbers)
    last = int((tmp_path / "tracking").read_text())
    assert last == numbers[-1]


async def test_a_code_that_was_told_opens_its_draft_and_the_others_are_nobody_s(tmp_path: Path) -> None:
    """A draft that was sealed and whose code nobody was told goes by itself after its week, as every draft does."""
    for step in DRAFT_STEPS:
        printed = await asyncio.to_thread(submit, tmp_path, step)
        assert (printed != "") == (step == "draft-told"), step
    async with a_place(tmp_path) as place:
        assert (await place.unlock(printed)).page is Page.FOUND
        assert not [*(tmp_path / "drafts").glob("*.new")]
        place.act(Action.START)
        assert place.services.view.question is not None
        assert place.services.view.question.id == "where"


async def test_no_request_is_there_without_all_its_papers_wherever_the_daemon_was_killed(
    tmp_path: Path,
) -> None:
    """Parts may be there without a request: the centre forgets them after a while."""
    for number, step in enumerate(PAPER_STEPS):
        await asyncio.to_thread(submit, tmp_path, step, "paper")
        async with a_place(tmp_path) as place:
            bodies, parts = await requests_of(place.journal), await parts_of(place.journal)
        assert len(bodies) == max(0, number - 1), step
        for blob in (blob for body in bodies for blob in body.blobs):
            assert len(joined(parts, blob.sha256)) == blob.size_bytes
    assert len({part.blob.sha256 for part in parts}) == len(PAPER_STEPS)
