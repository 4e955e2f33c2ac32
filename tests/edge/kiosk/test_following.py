"""The part of the kiosk that follows requests, over a real server: a code, what is found, and what is refused."""

from pathlib import Path

from edge.following.following import Following
from edge.following.known import Known
from edge.journal.journal import open_journal
from tests.edge.cabin.conftest import ROOMY, HeldClock
from tests.edge.following.test_session import CODE, OPEN, WORD
from tests.edge.kiosk.conftest import RunKiosk
from tests.fakes.line import LostLine

PATH = "/api/following/orders"


async def test_a_code_is_looked_up_and_its_request_is_withdrawn_after_a_second_question(
    tmp_path: Path, run_kiosk: RunKiosk
) -> None:
    clock = HeldClock()
    known = Known(tmp_path / "requests.db", clock.wall_ms)
    known.keep(OPEN)
    async with open_journal(tmp_path / "journal.db", ROOMY, boot=clock.boot) as journal:
        following = Following(known, journal, LostLine().questions.ask, clock)
        async with run_kiosk(following=following) as browser:
            found = await browser.post(PATH, json={"step": "look", "code": CODE.lower()})
            assert (found.status_code, found.json()["page"]) == (200, "found")
            assert (found.json()["actions"], found.json()["needed"]) == ([], "word")
            proven = await browser.post(PATH, json={"step": "prove", "word": WORD.lower()})
            assert proven.json()["actions"] == ["withdraw", "rate"]
            withdraw = {"step": "amend", "action": "withdraw"}
            asked = await browser.post(PATH, json=withdraw)
            assert (asked.status_code, asked.json()["reason"]) == (409, "not-sure")
            done = await browser.post(PATH, json=withdraw | {"is_sure": True})
            assert (done.json()["sent"], done.json()["actions"]) == ("withdraw", [])


async def test_a_station_that_follows_nothing_says_so(run_kiosk: RunKiosk) -> None:
    async with run_kiosk() as browser:
        refused = await browser.post(PATH, json={"step": "leave"})
        assert (refused.status_code, refused.json()["problem"]) == (404, "no-following")
