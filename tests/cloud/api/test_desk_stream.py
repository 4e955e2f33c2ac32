"""The desks' stream on a real port: what changes is told within milliseconds, and only to who answers for it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from cloud.requests.request import Verb
from tests.cloud.api.city import City
from tests.cloud.api.dossiers import ONE, THREE, submit_all
from tests.cloud.api.live import Live, next_of, read_events, running
from tests.cloud.requesting import do


@pytest.fixture
async def live(app: FastAPI, city: City) -> AsyncIterator[Live]:
    submit_all(city)
    async with running(app, city) as serving:
        yield serving


async def test_a_desk_hears_of_its_requests_and_of_no_others(live: Live) -> None:
    async with live.client("desk_officer") as client, client.stream("GET", "/api/desks/stream") as answer:
        events = read_events(answer.aiter_lines())
        hello = await next_of(events, "hello")
        assert isinstance(hello.data["server_time_ms"], int)
        do(live.city.store, Verb.ACCEPT, request=THREE)
        do(live.city.store, Verb.RECEIVE, request=ONE)
        live.city.store.ring()
        assert (await next_of(events, "requests")).data == {"ids": [ONE]}
        assert "server_time_ms" in (await next_of(events, "beat")).data


async def test_a_press_is_no_business_of_a_desk(live: Live) -> None:
    async with live.client("duty_officer") as client, client.stream("GET", "/api/desks/stream") as answer:
        events = read_events(answer.aiter_lines())
        await next_of(events, "hello")
        live.city.press()
        do(live.city.store, Verb.ACCEPT, request=THREE)
        live.city.store.ring()
        async with asyncio.timeout(5):
            first = await anext(each async for each in events if each.name != "beat")
        assert (first.name, first.data) == ("requests", {"ids": [THREE]})
