"""The account of insertions, fed with what readers show; no pcscd."""

from hypothesis import given
from hypothesis import strategies as st

from edge.drivers.card.pcsc import ReaderState
from edge.drivers.card.turns import CardNews, Inserted, Removed, Turns

EMPTY, PRESENT, MUTE, UNKNOWN, UNAVAILABLE = 0x10, 0x20, 0x220, 0x04, 0x08


def state(flags: int, events: int = 0, name: str = "A") -> ReaderState:
    return ReaderState(name, events << 16 | flags)


def seen(*looks: list[ReaderState]) -> list[CardNews]:
    turns = Turns()
    return [news for look in looks for news in turns.see(look)]


def test_an_empty_reader_is_no_news() -> None:
    assert seen([state(EMPTY)], [state(EMPTY)], []) == []


def test_a_card_is_told_once_however_often_it_is_seen() -> None:
    assert seen([state(PRESENT, 1)], [state(PRESENT, 1)]) == [Inserted("A", 1)]


def test_that_somebody_uses_the_card_does_not_make_it_another() -> None:
    in_use, exclusive = 0x120, 0xA0
    assert seen([state(PRESENT, 1)], [state(in_use, 1)], [state(exclusive, 1)]) == [Inserted("A", 1)]


def test_a_card_that_was_changed_between_two_looks_is_another() -> None:
    assert seen([state(PRESENT, 1)], [state(PRESENT, 3)]) == [
        Inserted("A", 1),
        Removed("A", 1),
        Inserted("A", 2),
    ]


def test_a_reader_that_is_gone_has_taken_its_card_along() -> None:
    for gone in ([], [state(UNKNOWN | PRESENT, 1)], [state(UNAVAILABLE | PRESENT, 1)]):
        assert seen([state(PRESENT, 1)], gone) == [Inserted("A", 1), Removed("A", 1)]


def test_a_mute_card_is_a_card() -> None:
    assert seen([state(MUTE, 1)]) == [Inserted("A", 1, is_mute=True)]


def test_a_card_on_another_reader_waits_until_the_first_is_gone() -> None:
    first, second = state(PRESENT, 1), state(PRESENT, 1, "B")
    assert seen([second], [first, second], [first]) == [Inserted("B", 1), Removed("B", 1), Inserted("A", 2)]


def test_only_the_last_turn_has_an_insertion_and_only_while_the_card_lies_there() -> None:
    turns = Turns()
    assert turns.insertion(0) is None
    turns.see([state(PRESENT, 1)])
    assert turns.insertion(1) == state(PRESENT, 1)
    assert turns.insertion(0) is turns.insertion(2) is None
    turns.see([])
    assert turns.insertion(1) is None


LOOKS = st.lists(
    st.lists(
        st.builds(
            state, st.sampled_from([EMPTY, PRESENT, MUTE, UNKNOWN]), st.integers(0, 3), st.sampled_from("AB")
        ),
        max_size=2,
        unique_by=lambda one: one.name,
    ),
    max_size=12,
)


@given(looks=LOOKS)
def test_whatever_readers_show_insertion_and_removal_alternate_and_turns_grow(
    looks: list[list[ReaderState]],
) -> None:
    news = seen(*looks)
    assert [type(one) for one in news] == [Inserted, Removed] * (len(news) // 2) + [Inserted] * (
        len(news) % 2
    )
    assert [one.turn for one in news] == [index // 2 + 1 for index in range(len(news))]
    assert all(came.reader == went.reader for came, went in zip(news[::2], news[1::2], strict=False))
