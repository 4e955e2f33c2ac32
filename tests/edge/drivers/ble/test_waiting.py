import asyncio

from edge.drivers.ble.waiting import Waiting
from edge.instrument import Absence, Back, Gone, InstrumentNews
from tests.edge.waiting import eventually
from wire.entries import VitalKind

PRESSURE = VitalKind.BLOOD_PRESSURE
LONG_S = 60.0


def waiting() -> tuple[Waiting, list[InstrumentNews]]:
    news: list[InstrumentNews] = []
    return Waiting("cuff", news.append), news


async def test_what_does_not_come_in_time_is_silent_once() -> None:
    subject, news = waiting()
    subject.begin(PRESSURE, 0.01, None)
    await eventually(lambda: news)
    subject.vanished(Absence.SILENT)
    assert news == [Gone("cuff", PRESSURE, Absence.SILENT)]


async def test_what_is_away_already_is_told_soon_and_not_from_within_begin() -> None:
    subject, news = waiting()
    subject.begin(PRESSURE, LONG_S, Absence.RADIO)
    assert news == []
    await eventually(lambda: news == [Gone("cuff", PRESSURE, Absence.RADIO)])


async def test_what_was_cancelled_is_never_heard_of_again() -> None:
    subject, news = waiting()
    subject.begin(PRESSURE, 0.0, Absence.RADIO)
    subject.cancel(PRESSURE)
    subject.vanished(Absence.LOST)
    subject.appeared(LONG_S)
    await asyncio.sleep(0.01)
    assert news == []
    assert PRESSURE not in subject


async def test_another_reason_of_absence_is_news_and_the_same_is_not() -> None:
    subject, news = waiting()
    subject.begin(PRESSURE, LONG_S, None)
    subject.vanished(Absence.LOST)
    subject.vanished(Absence.LOST)
    subject.vanished(Absence.RADIO)
    assert [item.absence for item in news if isinstance(item, Gone)] == [Absence.LOST, Absence.RADIO]
    subject.clear()


async def test_what_appears_again_is_back_and_waited_for_anew() -> None:
    subject, news = waiting()
    subject.begin(PRESSURE, LONG_S, None)
    subject.vanished(Absence.LOST)
    subject.appeared(0.01)
    assert news[-1] == Back("cuff", PRESSURE)
    await eventually(lambda: news[-1] == Gone("cuff", PRESSURE, Absence.SILENT))


async def test_a_result_ends_the_waiting_and_leaves_nothing_to_miss() -> None:
    subject, news = waiting()
    subject.begin(PRESSURE, 0.01, None)
    subject.heard(PRESSURE, 0.01, is_result=True)
    subject.vanished(Absence.LOST)
    subject.rearm(0.0)
    await asyncio.sleep(0.03)
    assert news == []
    assert not subject.is_wanted
    assert PRESSURE in subject


async def test_a_live_value_gives_the_device_more_time() -> None:
    subject, news = waiting()
    subject.begin(PRESSURE, 0.02, None)
    subject.heard(PRESSURE, LONG_S, is_result=False)
    await asyncio.sleep(0.05)
    assert news == []
    assert subject.is_wanted
    subject.clear()


async def test_an_absence_of_some_kinds_is_not_told_to_others() -> None:
    subject, news = waiting()
    subject.begin(PRESSURE, LONG_S, None)
    subject.begin(VitalKind.OXYGEN, LONG_S, None)
    subject.vanished(Absence.LOST, frozenset({PRESSURE}))
    assert news == [Gone("cuff", PRESSURE, Absence.LOST)]
    subject.clear()
    assert not subject.is_wanted
