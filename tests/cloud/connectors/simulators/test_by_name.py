"""The far end of each connector by its name in the catalogue, also as a program by itself."""

import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from catalogue.load import load_catalogue
from catalogue.questions import BillCodeQuestion
from catalogue.routes import Protocol
from cloud.connectors.simulators.far_ends import far_end
from tests.cloud.requests.samples import NOW_MS

CATALOGUE = load_catalogue()
SYSTEMS = CATALOGUE.parties.connectors
TOKEN = "invented-token"


def client_of(name: str) -> httpx.AsyncClient:
    app = far_end(CATALOGUE, name, TOKEN, lambda: NOW_MS)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://far-end", headers=headers
    )


@pytest.mark.parametrize("name", [each.id for each in SYSTEMS if each.protocol.takes_requests])
async def test_each_system_that_takes_requests_can_be_asked(name: str) -> None:
    async with client_of(name) as client:
        assert (await client.get("/cases", params={"number": "none"})).json() == {"known": False}


@pytest.mark.parametrize("name", [each.id for each in SYSTEMS if each.protocol is Protocol.BILLS])
async def test_each_biller_knows_codes_of_the_form_that_its_service_asks_for(name: str) -> None:
    (code,) = [
        question
        for service in CATALOGUE.services.values()
        for question in service.questions
        if service.connector == name and isinstance(question, BillCodeQuestion)
    ]
    async with client_of(name) as client:
        for account, is_known in ((code.example, True), (f"{code.example}?", False)):
            answer = await client.get("/bills", params={"account": account})
            assert answer.json()["known"] is is_known


@pytest.mark.parametrize("name", ["cabin", "duty-desk", "area-officer", "pigeon"])
def test_where_there_is_no_system_there_is_no_far_end(name: str) -> None:
    with pytest.raises(LookupError):
        far_end(CATALOGUE, name, TOKEN, lambda: NOW_MS)


def test_one_runs_by_itself_until_it_is_told_to_end(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(f"{TOKEN}\n")
    command = [sys.executable, "-m", "cloud.connectors.simulators", "hospital", "--token-file", str(token)]
    with subprocess.Popen([*command, "--pace-s", "0.1"], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        url = program.stdout.readline().split()[-1]
        form = {
            "key": "a",
            "tracking": "V68M-8BYZ-746J",
            "service": "booking-examination",
            "service_version": 1,
            "authority": "health-service",
            "ward": "27097",
            "parts": "{}",
        }
        with httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False
        ) as client:
            number = client.post("/submissions", json=form).json()["case_number"]
            while not client.get("/cases", params={"number": number}).json()["slots"]:
                pass
        program.send_signal(signal.SIGTERM)
        assert program.wait(20) == 0
