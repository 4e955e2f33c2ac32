"""The card's part of the kiosk, over a real server: orders, views by the stream, the face, and who may not ask."""

import io
import json

import httpx
import msgspec
from PIL import Image

from edge.idcard.card import Photo
from edge.idcard.groups import Field
from edge.identity.orders import MAX_SCAN, Order
from edge.identity.view import Action, FieldView, Page
from tests.edge.kiosk.conftest import Rig, RunKiosk, take
from tests.edge.waiting import eventually
from tests.fakes.kiosk_desks import NOBODY, ScriptedIdentity

REVIEW = msgspec.structs.replace(
    NOBODY,
    version=5,
    page=Page.REVIEW,
    actions=[Action.SHOW, Action.END],
    fields=[
        FieldView(field=Field.NAME, value="Nguyễn Văn An", is_shown=True),
        FieldView(field=Field.BIRTH),
    ],
)


def told(answer: httpx.Response) -> tuple[int, object]:
    return answer.status_code, answer.json().get("problem")


def a_face(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), (90, 60, 30)).save(out, kind)
    return out.getvalue()


async def test_the_screen_learns_that_there_is_a_card_reader(run_kiosk: RunKiosk) -> None:
    async with run_kiosk(identity=ScriptedIdentity()) as browser:
        assert (await browser.get("/api/kiosk")).json()["has_card"] is True


async def test_a_station_without_a_reader_says_so(run_kiosk: RunKiosk) -> None:
    async with run_kiosk() as browser:
        assert told(await browser.post("/api/identity/orders", json={"action": "open"})) == (
            404,
            "no-card-reader",
        )
        assert told(await browser.get("/api/identity/photo")) == (404, "no-card-reader")


async def test_an_order_reaches_the_session_and_its_view_comes_back(run_kiosk: RunKiosk) -> None:
    identity = ScriptedIdentity()
    async with run_kiosk(identity=identity) as browser:
        answer = await browser.post("/api/identity/orders", json={"action": "open", "purpose": "card-check"})
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    assert answer.headers["cache-control"] == "no-store"
    assert identity.orders == [Order(action=Action.OPEN, purpose="card-check")]


async def test_an_order_that_is_not_for_now_is_refused_with_the_view_as_it_is(run_kiosk: RunKiosk) -> None:
    async with run_kiosk(identity=ScriptedIdentity()) as browser:
        answer = await browser.post("/api/identity/orders", json={"action": "send"})
    assert told(answer) == (409, "refused")
    assert (answer.json()["reason"], answer.json()["view"]["page"]) == ("not-now", "none")


async def test_what_was_typed_is_never_repeated_by_an_error(run_kiosk: RunKiosk) -> None:
    senseless = [
        {"action": "number", "number": "0792030012345"},
        {"action": "dates", "number": "079203001234", "birth": "17/05/2003"},
        {"action": "scan", "text": "079203001234|" * MAX_SCAN},
        {"action": "show", "field": "soul-079203001234"},
        {"action": "open", "079203001234": 1},
    ]
    async with run_kiosk(identity=ScriptedIdentity()) as browser:
        for order in senseless:
            answer = await browser.post("/api/identity/orders", json=order)
            assert answer.status_code in (400, 413)
            assert "07920300" not in answer.text


async def test_whoever_opens_the_page_is_in_the_picture_and_stays_in_it(
    rig: Rig, run_kiosk: RunKiosk
) -> None:
    identity = ScriptedIdentity()
    async with run_kiosk(identity=identity), rig.listening() as events:
        assert (await take(events, "identity")).data["page"] == "none"
        identity.show(REVIEW)
        shown = (await take(events, "identity")).data
        assert [row.get("value") for row in shown["fields"]] == ["Nguyễn Văn An", None]
        assert shown["actions"] == ["show", "end"]
    await eventually(lambda: not identity.followers)


async def test_the_views_of_cabin_and_card_do_not_take_each_other_s_place(
    rig: Rig, run_kiosk: RunKiosk
) -> None:
    identity = ScriptedIdentity()
    async with run_kiosk(identity=identity), rig.listening() as events:
        first = {(await take(events, "view", "identity")).name for _ in range(2)}
        assert first == {"view", "identity"}
        identity.show(msgspec.structs.replace(REVIEW, version=8))
        rig.cabin.show(msgspec.structs.replace(rig.cabin.view, version=9))
        second = [await take(events, "view", "identity") for _ in range(2)]
    assert sorted((event.name, event.data["version"]) for event in second) == [("identity", 8), ("view", 9)]


async def test_the_face_is_shown_as_a_jpeg_and_stored_nowhere(run_kiosk: RunKiosk) -> None:
    identity = ScriptedIdentity(photo=Photo(media_type="image/jp2", data=a_face("JPEG2000")))
    async with run_kiosk(identity=identity) as browser:
        answer = await browser.get("/api/identity/photo")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
        assert answer.headers["cache-control"] == "no-store"
        identity.photo = None
        assert told(await browser.get("/api/identity/photo")) == (409, "no-photo")
        identity.photo = Photo(media_type="image/jpeg", data=b"no picture")
        assert told(await browser.get("/api/identity/photo")) == (409, "no-photo")
    with Image.open(io.BytesIO(answer.content)) as image:
        assert image.size == (60, 80)


async def test_another_site_is_told_nothing(rig: Rig, run_kiosk: RunKiosk) -> None:
    identity = ScriptedIdentity(photo=Photo(media_type="image/jpeg", data=a_face("JPEG")))
    async with run_kiosk(identity=identity) as browser:
        strange = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
        for answer in (
            await browser.get("/api/identity/photo", headers=strange),
            await browser.post("/api/identity/orders", json={"action": "open"}, headers=strange),
        ):
            assert told(answer) == (403, "origin")
    assert identity.orders == []


def test_neither_an_order_nor_a_view_tells_in_its_repr_what_it_holds() -> None:
    order = msgspec.json.decode(
        json.dumps({"action": "dates", "number": "079203001234", "birth": "2003-05-17"}), type=Order
    )
    assert "0792" not in repr(order)
    assert "2003" not in repr(order)
    assert "Nguyễn" not in repr(REVIEW)
