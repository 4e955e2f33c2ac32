"""A daemon that fills in and submits one request, or keeps a draft, and dies at the step it is told; a program for test_kill.

Steps: where the number is on disk aside, after it was renamed, before the journal is asked, after the journal has it,
before and after the screen is told, and never.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from edge.journal.journal import Journal
from edge.papers.spool import Spool
from edge.services.drafts import Drafts
from edge.services.numbers import Numbers
from edge.services.services import Services
from edge.services.view import Action, Page
from tests.edge.papers.samples import jpeg
from tests.edge.services.conftest import Place, a_place
from tests.edge.services.visits import REPORT

DRAFT_STEPS = ("draft-aside", "draft-sealed", "draft-before-told", "draft-told")
PAPER_STEPS = ("first-part", "last-part", "told", "never")
STEPS = ("number-aside", "number-kept", "before-append", "after-append", "before-told", "told", "never")


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def at(owner: Any, name: str, *, before: Callable[..., None] | None = None) -> None:
    """Die before the method runs, or when it is done."""
    original = getattr(owner, name)

    def run(*args: Any, **kwargs: Any) -> Any:
        if before is not None:
            before()
        result = original(*args, **kwargs)
        if before is None:
            die()
        return result

    async def run_async(*args: Any, **kwargs: Any) -> Any:
        if before is not None:
            before()
        await original(*args, **kwargs)
        die()

    setattr(owner, name, run_async if asyncio.iscoroutinefunction(original) else run)


def arm(step: str) -> None:
    match step:
        case "number-aside":
            at(os, "fsync", before=None)
        case "number-kept":
            at(Numbers, "mint")
        case "before-append":
            at(Journal, "append", before=die)
        case "after-append":
            at(Journal, "append")
        case "before-told":
            at(Services, "_settled", before=die)
        case "told":
            at(Services, "_settled")
        case _:
            pass


def arm_papers(step: str) -> None:
    """Die once a part is on disk, or all of them."""
    match step:
        case "first-part":
            at(Journal, "append")
        case "last-part":
            at(Spool, "write")
        case _:
            arm(step)


def arm_drafts(step: str) -> None:
    match step:
        case "draft-aside":
            at(os, "fsync", before=None)
        case "draft-sealed":
            at(Drafts, "keep")
        case "draft-before-told":
            at(Services, "_feed", before=die)
        case _:
            pass


async def keep(place: Place, step: str) -> None:
    """Keep a draft, and print its code once it is told."""
    place.begin()
    place.drafts.sweep()
    place.act(Action.KEEP)
    place.act(Action.KEEP_BY_CODE)
    arm_drafts(step)
    await place.until(Page.KEPT)
    assert place.services.view.kept is not None
    sys.stdout.write(place.services.view.kept.code)


async def submit_with_paper(directory: Path, step: str) -> None:
    """Submit a report with a picture."""
    async with a_place(directory, has_camera=True) as place:
        place.act(Action.CHOOSE, service="report-security")
        place.act(Action.START)
        while (question := place.services.view.question) is not None:
            if question.id == "photos":
                value: object = await place.pictures.take("photos", jpeg())
            else:
                value = REPORT[question.id]
            place.act(Action.ANSWER, question=question.id, value=value)
        arm_papers(step)
        place.submit()
        await place.until(Page.RECEIPT)


async def main(directory: Path, step: str) -> None:
    async with a_place(directory) as place:
        if step in DRAFT_STEPS:
            await keep(place, step)
            return
        place.fill_in("temporary-residence")
        arm(step)
        place.submit()
        await place.until(Page.RECEIPT)
        assert place.services.view.receipt is not None
        sys.stdout.write(place.services.view.receipt.tracking)


if __name__ == "__main__":
    run = submit_with_paper if sys.argv[3:] == ["paper"] else main
    asyncio.run(run(Path(sys.argv[1]), sys.argv[2]))
