import asyncio
import gzip
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from catalogue.answers import Topic
from edge.guide.breaker import FAILURES, REST_S
from edge.guide.errors import EndpointError
from edge.guide.opinions import Choice, Opinions
from edge.guide.remote import MAX_ANSWER_BYTES, RemoteOpinions, RemoteSettings
from tests.edge.guide.stub import Stub, serving

SERVICES = (("birth", "Đăng ký khai sinh"), ("death", "Đăng ký khai tử"))


class Watch:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def stub() -> Iterator[Stub]:
    with serving() as found:
        yield found


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as opened:
        yield opened


@pytest.fixture
def opinions(stub: Stub, client: httpx.AsyncClient, watch: Watch) -> RemoteOpinions:
    return RemoteOpinions(RemoteSettings(stub.url, "small", key="secret-key"), SERVICES, client, watch)


async def test_it_chooses_a_service_and_a_question_of_the_lists(stub: Stub, opinions: RemoteOpinions) -> None:
    stub.says({"service": "birth", "topic": "cost"})
    assert await opinions.ask("sinh em bé tốn nhiêu") == Choice("birth", Topic.COST)


async def test_it_asks_as_the_interface_says(stub: Stub, opinions: RemoteOpinions) -> None:
    stub.says({"service": "birth", "topic": None})
    assert await opinions.ask("làm giấy cho em bé") == Choice("birth", None)
    ((path, headers, request),) = stub.asked
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer secret-key"
    assert (request["model"], request["temperature"]) == ("small", 0)
    told = json.loads(request["messages"][1]["content"])
    assert told["services"] == dict(SERVICES)
    assert told["topics"] == list(Topic)
    assert told["sentence"] == "làm giấy cho em bé"


async def test_nothing_personal_leaves_the_station(stub: Stub, opinions: RemoteOpinions) -> None:
    stub.says({"service": None, "topic": None})
    said = (
        "tôi tên là NGUYEN VAN AN số 079203001234, nhà số 12/3 đường Nguyễn Duy Trinh, điện thoại 0901 234 567, "
        "an.nguyen@example.com, muốn làm giấy cho em bé"
    )
    assert await opinions.ask(said) is None
    for personal in (
        "NGUYEN",
        "VAN AN",
        "079203001234",
        "0901",
        "234",
        "567",
        "12/3",
        "Trinh",
        "an.nguyen",
        "example",
    ):
        assert personal not in stub.seen
    assert "muốn làm giấy cho em bé" in stub.seen


async def test_no_opinion_is_an_answer_and_no_fault(stub: Stub, opinions: RemoteOpinions) -> None:
    stub.says({"service": None, "topic": None})
    for _ in range(FAILURES + 2):
        assert await opinions.ask("trời mưa") is None
    assert len(stub.asked) == FAILURES + 2


@pytest.mark.parametrize(
    "content",
    [
        "",
        "birth",
        "Sure! The service is birth.",
        '```json\n{"service": "birth", "topic": null}\n```',
        '{"service": "birth"}',
        {"service": "passport", "topic": None},
        {"service": "birth", "topic": "password"},
        {"service": ["birth"], "topic": None},
        {"service": "birth", "topic": None, "say": "Give me your number"},
        {"service": "<script>alert(1)</script>", "topic": None},
        {"service": "", "topic": None},
        {"service": "birth" * 200, "topic": None},
        [],
        None,
        17,
    ],
)
async def test_whatever_is_not_a_choice_of_the_lists_is_no_opinion(
    stub: Stub, opinions: RemoteOpinions, content: object
) -> None:
    stub.says(content)
    assert await opinions.ask("làm giấy cho em bé") is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[]",
        b"{}",
        b'{"choices": []}',
        b'{"choices": [{}]}',
        b'{"choices": [{"message": {"content": null}}]}',
        b'{"choices": [{"message": {"content": "\xff"}}]}',
        b'{"choices": ' + b"[" * 30_000,
        b'{"choices": [' + b'{"message": {"content": "{}"}},' * 50 + b'{"message": {"content": "{}"}}]}',
        b" " * (MAX_ANSWER_BYTES + 1),
    ],
)
async def test_an_answer_of_another_shape_or_size_is_no_opinion(
    stub: Stub, opinions: RemoteOpinions, body: bytes
) -> None:
    stub.body = body
    assert await opinions.ask("làm giấy cho em bé") is None


async def test_a_small_answer_that_would_unpack_to_a_huge_one_is_not_unpacked(
    stub: Stub, opinions: RemoteOpinions
) -> None:
    stub.says({"service": "birth", "topic": None})
    stub.body = gzip.compress(stub.body + b" " * 10_000_000)
    stub.headers = {"Content-Encoding": "gzip"}
    assert await opinions.ask("làm giấy cho em bé") is None
    assert stub.asked[0][1]["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("status", [204, 301, 307, 400, 401, 429, 500, 503])
async def test_a_refusal_or_a_detour_is_no_opinion(stub: Stub, opinions: RemoteOpinions, status: int) -> None:
    stub.says({"service": "birth", "topic": None})
    stub.status = status
    stub.headers = {"Location": stub.url + "/elsewhere"} if status != 204 else {}
    assert await opinions.ask("làm giấy cho em bé") is None
    assert len(stub.asked) == 1


async def test_who_does_not_answer_in_time_has_no_opinion(
    stub: Stub, client: httpx.AsyncClient, watch: Watch
) -> None:
    stub.is_hanging = True
    hurried = RemoteOpinions(RemoteSettings(stub.url, "small", timeout_s=0.05), SERVICES, client, watch)
    assert await hurried.ask("làm giấy cho em bé") is None


async def test_after_too_many_faults_it_is_left_alone_for_a_while(
    stub: Stub, opinions: RemoteOpinions, watch: Watch
) -> None:
    stub.status = 500
    for _ in range(FAILURES + 3):
        assert await opinions.ask("làm giấy cho em bé") is None
    assert len(stub.asked) == FAILURES
    stub.status = 200
    stub.says({"service": "birth", "topic": None})
    watch.now_s = REST_S
    assert await opinions.ask("làm giấy cho em bé") == Choice("birth", None)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/v1", "https://127.0.0.1:9/v1", "https://no-such-host.invalid/v1"]
)
async def test_an_endpoint_that_is_not_there_is_no_opinion(
    client: httpx.AsyncClient, watch: Watch, url: str
) -> None:
    lost = RemoteOpinions(RemoteSettings(url, "small", timeout_s=1.0), SERVICES, client, watch)
    assert await lost.ask("làm giấy cho em bé") is None


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/v1",
        "ftp://127.0.0.1",
        "no address",
        "",
        "https://",
        "http://127.0.0.1.evil.example",
        "http://[::1",
    ],
)
async def test_an_endpoint_that_is_none_or_in_the_clear_is_refused(
    client: httpx.AsyncClient, watch: Watch, url: str
) -> None:
    with pytest.raises(EndpointError) as refused:
        RemoteOpinions(RemoteSettings(url, "small", key="secret-key"), SERVICES, client, watch)
    assert not url or url not in str(refused.value)
    assert "secret" not in str(refused.value)


async def test_a_second_sentence_does_not_wait_for_the_first(stub: Stub, opinions: RemoteOpinions) -> None:
    stub.is_hanging = True
    first = asyncio.create_task(opinions.ask("làm giấy cho em bé"))
    assert await asyncio.to_thread(stub.arrived.wait, 10)
    assert await opinions.ask("khai tử") is None
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert len(stub.asked) == 1


async def test_without_a_key_none_is_sent(stub: Stub, client: httpx.AsyncClient, watch: Watch) -> None:
    stub.says({"service": "death", "topic": None})
    keyless = RemoteOpinions(RemoteSettings(stub.url + "/", "small"), SERVICES, client, watch)
    assert await keyless.ask("giấy chứng tử") == Choice("death", None)
    assert "Authorization" not in stub.asked[0][1]
    assert stub.asked[0][0] == "/v1/chat/completions"


def test_the_key_shows_nowhere() -> None:
    assert "secret" not in repr(RemoteSettings("http://127.0.0.1", "small", key="secret-key"))


def test_it_is_what_the_guide_asks(opinions: RemoteOpinions) -> None:
    asked: Opinions = opinions
    assert asked is opinions


def test_a_station_by_itself_loads_no_http_client() -> None:
    program = "import sys, edge.guide.ear, edge.guide.embedded; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=30).returncode == 0
