import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.guide.errors import PhrasesError
from edge.guide.match import (
    MAX_CANDIDATES,
    MAX_PHRASES,
    MAX_SERVICES,
    MAX_UNRELATED,
    Candidate,
    Entry,
    Match,
    Matcher,
)

ENTRIES = (
    Entry("bill-electricity", ("Thanh toán tiền điện", "tiền điện", "hóa đơn điện", "điện lực")),
    Entry("bill-water", ("Thanh toán tiền nước", "tiền nước", "hóa đơn nước", "nước máy")),
    Entry("birth", ("Đăng ký khai sinh", "khai sinh", "giấy khai sinh", "em bé")),
    Entry("death", ("Đăng ký khai tử", "khai tử", "giấy chứng tử", "người mất")),
    Entry("track", ("Tra cứu hồ sơ", "tiến độ", "hồ sơ tới đâu")),
)
UNRELATED = ("thời tiết hôm nay", "giá đô la", "kể chuyện cười", "trời mưa", "bóng đá")


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher.build(ENTRIES, UNRELATED)


def first(match: Match) -> str | None:
    return match.candidates[0].service if match.candidates else None


@pytest.mark.parametrize(
    ("said", "service"),
    [
        ("tôi muốn đóng tiền điện", "bill-electricity"),
        ("toi muon dong tien dien", "bill-electricity"),
        ("ddongs tieenf ddieenj", "bill-electricity"),
        ("ông thu tiền nước mấy bữa nay không tới", "bill-water"),
        ("toi muon dong tien nuoc may", "bill-water"),
        ("làm giấy khai sanh", "birth"),
        ("khai tử cho má tui", "death"),
        ("coi hồ sơ tui tới đâu rồi", "track"),
    ],
)
def test_what_is_said_in_many_ways_is_understood(matcher: Matcher, said: str, service: str) -> None:
    match = matcher.match(said)
    assert first(match) == service
    assert match.is_known


@pytest.mark.parametrize(
    "said", ["", "???", "trời hôm nay mưa không", "kể chuyện nghe chơi", "bong da", "xyzxyz"]
)
def test_what_is_meant_for_nobody_is_not_known(matcher: Matcher, said: str) -> None:
    assert not matcher.match(said).is_known


def test_silence_has_no_candidates(matcher: Matcher) -> None:
    assert matcher.match(" .. ") == Match((), is_known=False)


def test_accents_tell_apart_what_is_spelt_alike_without_them(matcher: Matcher) -> None:
    dollars = matcher.match("giá tiền đô bao nhiêu")
    progress = matcher.match("tiến độ thế nào")
    assert not dollars.is_known
    assert (first(progress), progress.is_known) == ("track", True)


def test_candidates_come_best_first_and_are_few(matcher: Matcher) -> None:
    candidates = matcher.match("đăng ký giấy hóa đơn tiền hồ sơ").candidates
    scores = [candidate.score for candidate in candidates]
    assert len(candidates) == MAX_CANDIDATES
    assert scores == sorted(scores, reverse=True)


def test_two_files_of_one_service_are_one_service() -> None:
    matcher = Matcher.build([Entry("birth", ("khai sinh",)), Entry("birth", ("em bé",)), ENTRIES[0]])
    assert [candidate.service for candidate in matcher.match("em bé khai sinh").candidates].count(
        "birth"
    ) == 1


def test_without_any_service_nothing_is_known() -> None:
    assert Matcher.build([]).match("đóng tiền điện") == Match((), is_known=False)
    assert Matcher.build([], UNRELATED).match("trời mưa") == Match((), is_known=False)


def test_the_order_of_the_catalogue_does_not_matter() -> None:
    forward, backward = Matcher.build(ENTRIES, UNRELATED), Matcher.build(ENTRIES[::-1], UNRELATED[::-1])
    for said in ("tiền điện nước", "giấy khai sinh khai tử", "hồ sơ"):
        there, back = forward.match(said), backward.match(said)
        assert [each.service for each in there.candidates] == [each.service for each in back.candidates]
        assert [each.score for each in there.candidates] == pytest.approx(
            [each.score for each in back.candidates]
        )


@pytest.mark.parametrize(
    "entries",
    [
        [Entry("birth", ())],
        [Entry("", ("khai sinh",))],
        [Entry("birth", ("khai sinh",) * (MAX_PHRASES + 1))],
        [Entry("birth", ("khai sinh",) * MAX_PHRASES), Entry("birth", ("em bé",))],
        [Entry(f"service-{number}", ("một",)) for number in range(MAX_SERVICES + 1)],
    ],
)
def test_too_much_or_nothing_to_learn_is_refused(entries: list[Entry]) -> None:
    with pytest.raises(PhrasesError):
        Matcher.build(entries)


def test_too_many_unrelated_sayings_are_refused() -> None:
    sayings = [f"{number % 100} b {number // 100}" for number in range(MAX_UNRELATED + 1)]
    with pytest.raises(PhrasesError):
        Matcher.build(ENTRIES, sayings)


def test_only_the_beginning_of_a_long_text_counts(matcher: Matcher) -> None:
    said = "tiền điện " * 40
    assert matcher.match(said + "khai tử " * 10_000) == matcher.match(said)


@given(st.text(max_size=500))
def test_whatever_is_said_gives_at_most_three_ranked_services(text: str) -> None:
    match = Matcher.build(ENTRIES[:2], UNRELATED[:1]).match(text)
    assert len(match.candidates) <= MAX_CANDIDATES
    assert {each.service for each in match.candidates} <= {"bill-electricity", "bill-water"}
    assert all(0 < each.score < 2.5 for each in match.candidates)
    assert match.candidates or not match.is_known


def test_what_was_said_cannot_be_read_from_a_trace(matcher: Matcher) -> None:
    assert "bill" not in repr(matcher.match("đóng tiền điện"))
    assert repr(Candidate("birth", 1.0)) == "Candidate(service='birth', score=1.0)"
