"""The topic scheme is a bijection, and portable to the narrowest broker."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.errors import TopicError
from wire.ids import ID_PATTERN, STATION_PATTERN, shard_of
from wire.topics import Channel, Lane, Topic, downlink_filter, ingest_filter, parse_topic

stations = st.from_regex(STATION_PATTERN.replace("$", r"\Z"))
ids = st.from_regex(ID_PATTERN.replace("$", r"\Z"))
plain_kinds: st.SearchStrategy[Lane | Channel] = st.sampled_from(
    [*Lane, Channel.BIRTH, Channel.DEATH, Channel.HEARTBEAT, Channel.RECEIPT]
)
topics = st.builds(Topic, stations, plain_kinds) | st.builds(
    Topic, stations, st.sampled_from([Channel.REPLY, Channel.COMMAND]), ids
)


@given(topics)
def test_every_topic_reads_back_as_itself(topic: Topic) -> None:
    assert parse_topic(str(topic)) == topic


@given(topics)
def test_every_topic_is_portable(topic: Topic) -> None:
    text = str(topic)
    assert re.fullmatch(r"[a-z0-9/-]+", text)
    assert text.count("/") <= 7
    assert len(text) <= 128


@given(st.text(max_size=150))
def test_any_other_text_is_refused_and_nothing_else_happens(text: str) -> None:
    try:
        topic = parse_topic(text)
    except TopicError:
        return
    assert str(topic) == text


@given(topics, st.integers(0, 200), st.characters())
def test_a_changed_character_is_refused_or_is_another_topic(topic: Topic, place: int, letter: str) -> None:
    text = str(topic)
    place %= len(text)
    changed = text[:place] + letter + text[place + 1 :]
    try:
        assert str(parse_topic(changed)) == changed
    except TopicError:
        assert changed != text


def test_a_topic_with_anothers_shard_is_refused() -> None:
    right = str(Topic("st-0001", Lane.SOS))
    wrong = right.replace("/18/", "/19/")
    assert shard_of("st-0001") == 18
    with pytest.raises(TopicError, match="shard"):
        parse_topic(wrong)


@pytest.mark.parametrize(
    ("kind", "token"),
    [
        (Lane.SOS, "0" * 32),
        (Channel.RECEIPT, "0" * 32),
        (Channel.COMMAND, None),
        (Channel.REPLY, "x"),
        (Channel.COMMAND, ""),
    ],
)
def test_an_id_stands_where_the_scheme_wants_one_and_nowhere_else(
    kind: Lane | Channel, token: str | None
) -> None:
    with pytest.raises(TopicError):
        Topic("st-0001", kind, token)


def test_down_lanes_do_not_exist() -> None:
    with pytest.raises(TopicError):
        parse_topic(str(Topic("st-0001", Lane.SOS)).replace("/up/", "/down/"))


@given(stations)
def test_filters_cover_exactly_their_side(station: str) -> None:
    up, down = str(Topic(station, Lane.SOS)), str(Topic(station, Channel.RECEIPT))
    assert _matches(ingest_filter(shard_of(station)), up)
    assert not _matches(ingest_filter(shard_of(station)), down)
    assert _matches(downlink_filter(station), down)
    assert not _matches(downlink_filter(station), up)


def _matches(pattern: str, topic: str) -> bool:
    regex = re.escape(pattern).replace(r"\+", "[^/]+").replace(r"/\#", "(/.*)?").replace("/#", "(/.*)?")
    return re.fullmatch(regex, topic) is not None
