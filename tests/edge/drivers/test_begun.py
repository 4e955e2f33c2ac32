from edge.drivers.begun import Begun
from edge.instrument import Absence, Back, Gone, InstrumentNews
from wire.entries import VitalKind

PRESSURE, OXYGEN = VitalKind.BLOOD_PRESSURE, VitalKind.OXYGEN


def listening() -> tuple[Begun, list[InstrumentNews]]:
    news: list[InstrumentNews] = []
    return Begun("one", news.append, patience_ms=1_000, quiet_ms=200), news


def test_a_word_is_awaited_patiently_at_first_and_soon_after_each_other() -> None:
    begun, news = listening()
    begun.begin(OXYGEN, 0)
    assert begun.next_ms == 1_000
    assert begun.watch(999) == []
    assert begun.expects(OXYGEN, 999)
    assert begun.next_ms == 1_199
    assert begun.watch(1_199) == [OXYGEN]
    assert news == [Gone("one", OXYGEN, Absence.SILENT)]


def test_silence_is_told_once_and_ended_by_a_word() -> None:
    begun, news = listening()
    begun.begin(OXYGEN, 0)
    begun.watch(1_000)
    assert begun.watch(5_000) == []
    assert begun.next_ms is None
    begun.expects(OXYGEN, 6_000)
    begun.expects(OXYGEN, 6_001)
    assert news == [Gone("one", OXYGEN, Absence.SILENT), Back("one", OXYGEN)]


def test_what_was_not_begun_is_not_expected() -> None:
    begun, news = listening()
    assert not begun.expects(OXYGEN, 0)
    begun.begin(OXYGEN, 0)
    assert OXYGEN in begun
    begun.end(OXYGEN)
    assert not begun.expects(OXYGEN, 0)
    begun.lose(Absence.LOST)
    assert news == []


def test_all_are_lost_with_the_line_and_get_time_when_it_is_back() -> None:
    begun, news = listening()
    begun.begin(OXYGEN, 0)
    begun.begin(PRESSURE, 10)
    begun.lose(Absence.LOST)
    begun.lose(Absence.LOST)
    assert news == [Gone("one", OXYGEN, Absence.LOST), Gone("one", PRESSURE, Absence.LOST)]
    begun.restart(5_000)
    assert begun.next_ms == 6_000
    assert list(begun) == [(OXYGEN, 0), (PRESSURE, 10)], "what they may tell begins where it began"
    assert begun.watch(6_000) == [OXYGEN, PRESSURE]
    assert news[2:] == [Gone("one", OXYGEN, Absence.SILENT), Gone("one", PRESSURE, Absence.SILENT)]


def test_begun_again_it_starts_anew() -> None:
    begun, news = listening()
    begun.begin(OXYGEN, 0)
    begun.watch(1_000)
    begun.begin(OXYGEN, 2_000)
    assert begun.watch(2_999) == []
    assert begun.watch(3_000) == [OXYGEN]
    assert len(news) == 2


def test_who_ends_everything_at_the_first_bad_news_hears_no_more() -> None:
    news: list[InstrumentNews] = []

    def hear(said: InstrumentNews) -> None:
        news.append(said)
        begun.end(OXYGEN)
        begun.end(PRESSURE)

    begun = Begun("one", hear, patience_ms=1_000, quiet_ms=200)
    begun.begin(OXYGEN, 0)
    begun.begin(PRESSURE, 0)
    begun.watch(1_000)
    assert news == [Gone("one", OXYGEN, Absence.SILENT)]


def test_who_cancels_when_it_is_back_gets_nothing_of_it() -> None:
    begun, _ = listening()
    ending = Begun("one", lambda _: ending.end(OXYGEN), patience_ms=1_000, quiet_ms=200)
    ending.begin(OXYGEN, 0)
    ending.lose(Absence.LOST)
    ending.begin(OXYGEN, 0)
    begun.begin(OXYGEN, 0)
    begun.lose(Absence.LOST)
    assert begun.expects(OXYGEN, 1)
    ending.watch(1_000)
    assert not ending.expects(OXYGEN, 1_001)
