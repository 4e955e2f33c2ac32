import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.answers import Topic
from edge.guide.lexicon import Reply
from edge.guide.match import Entry, Matcher
from edge.guide.topics import Listener
from edge.guide.understanding import SOS, Understanding

ENTRIES = (
    Entry("bill-electricity", ("Thanh toán tiền điện", "đóng tiền điện", "hóa đơn điện")),
    Entry("birth", ("Đăng ký khai sinh", "làm khai sinh", "giấy khai sinh")),
    Entry("track", ("Tra cứu hồ sơ", "khi nào có kết quả", "hồ sơ tới đâu")),
    Entry(SOS, ("cứu tôi", "có người bị nạn", "nhà bị sập")),
)
UNDERSTANDING = Understanding(Matcher.build(ENTRIES, ("trời mưa", "bóng đá")), Listener())


def test_a_wish_alone_has_no_question() -> None:
    understood = UNDERSTANDING.understand("toi muon dong tien dien")
    assert understood.services[0] == "bill-electricity"
    assert (understood.is_known, understood.topic, understood.is_only_question) == (True, None, False)


def test_a_wish_with_a_question_is_both() -> None:
    understood = UNDERSTANDING.understand("làm khai sinh cho con hết bao nhiêu tiền vậy")
    assert understood.services[0] == "birth"
    assert (understood.is_known, understood.topic, understood.is_only_question) == (True, Topic.COST, False)


@pytest.mark.parametrize(
    ("said", "topic"), [("mất bao lâu vậy con", Topic.TIME), ("can mang theo gi", Topic.NEED)]
)
def test_a_question_alone_is_about_what_is_at_hand(said: str, topic: Topic) -> None:
    understood = UNDERSTANDING.understand(said)
    assert (understood.topic, understood.is_only_question) == (topic, True)


def test_a_question_that_sounds_like_a_service_is_still_about_what_is_at_hand() -> None:
    understood = UNDERSTANDING.understand("khi nào có")
    assert (understood.topic, understood.is_only_question) == (Topic.TIME, True)


def test_a_reply_is_heard() -> None:
    assert UNDERSTANDING.understand("dạ đúng rồi").reply is Reply.YES


@pytest.mark.parametrize("said", ["cứu với", "nha bi sap roi", "cháy nhà", "có người bị nạn"])
def test_danger_is_heard_by_its_words_or_by_likeness(said: str) -> None:
    assert UNDERSTANDING.understand(said).is_emergency


def test_football_is_nothing() -> None:
    understood = UNDERSTANDING.understand("tối nay bóng đá trời mưa")
    assert not understood.is_known
    assert not understood.is_emergency


@given(st.text(max_size=500))
def test_whatever_is_said_is_understood_or_not_without_an_error(text: str) -> None:
    understood = UNDERSTANDING.understand(text)
    assert len(understood.services) <= 3
    assert understood.topic is not None or not understood.is_only_question


def test_nothing_of_what_was_said_is_kept() -> None:
    assert "khai" not in repr(UNDERSTANDING.understand("khai sinh cho NGUYEN VAN AN"))
