import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.answers import Topic
from edge.guide.folding import spell
from edge.guide.lexicon import EMERGENCY, EMERGENCY_AS_WRITTEN, POLITE, REPLIES, TOPICS, Reply
from edge.guide.topics import Listener
from tests.edge.guide.measuring import NONE, utterances


@pytest.fixture(scope="module")
def listener() -> Listener:
    return Listener()


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("cái này là gì vậy", Topic.WHAT),
        ("vneid la cai gi", Topic.WHAT),
        ("what is this?", Topic.WHAT),
        ("hết bao nhiêu tiền", Topic.COST),
        ("co mat phi khong", Topic.COST),
        ("tốn nhiêu tiền dzậy con", Topic.COST),
        ("how much is it", Topic.COST),
        ("làm mất bao lâu", Topic.TIME),
        ("may ngay thi xong", Topic.TIME),
        ("mấy bữa lấy được", Topic.TIME),
        ("chừng nào có kết quả", Topic.TIME),
        ("bao nhiêu ngày", Topic.TIME),
        ("how long does it take", Topic.TIME),
        ("tôi cần những giấy tờ gì", Topic.NEED),
        ("can mang theo gi", Topic.NEED),
        ("cần chi rứa", Topic.NEED),
        ("phải chuẩn bị gì hông", Topic.NEED),
        ("what do I need to bring", Topic.NEED),
        ("nộp ở đâu", Topic.WHERE),
        ("làm ở mô", Topic.WHERE),
        ("lam o day duoc khong", Topic.WHERE),
        ("tui làm ở đây được hông", Topic.WHERE),
        ("can I do it here", Topic.WHERE),
        ("ai giải quyết việc này", Topic.WHO),
        ("co quan nao cap", Topic.WHO),
        ("who decides", Topic.WHO),
        ("xong thì được gì", Topic.RESULT),
        ("thông tin cá nhân có bị lộ không", Topic.DATA),
    ],
)
def test_a_question_is_heard_in_the_words_of_all_regions(listener: Listener, said: str, topic: Topic) -> None:
    question = listener.question(spell(said))
    assert question is not None
    assert question.topic is topic


@pytest.mark.parametrize(
    ("said", "topic"),
    [("mat bao lauu", Topic.TIME), ("het bao nhieuu tien", Topic.COST), ("cần chuẩn bị nhữg gì", Topic.NEED)],
)
def test_a_misspelt_question_is_heard_as_well(listener: Listener, said: str, topic: Topic) -> None:
    question = listener.question(spell(said))
    assert question is not None
    assert question.topic is topic


@pytest.mark.parametrize(
    "said", ["", "tôi muốn đóng tiền điện", "dang ky khai sinh", "khám răng", "mua sim", "who"]
)
def test_no_question_is_heard_where_none_is(listener: Listener, said: str) -> None:
    assert listener.question(spell(said)) is None


@pytest.mark.parametrize(
    "said",
    ["cứu tôi với", "CUU VOI", "cháy nhà rồi", "ông tôi ngã xuống không thở", "co nguoi dot quy", "danh nhau duoi san",
     "sos", "cứu", "help me please", "bà cụ bất tỉnh", "bị té cầu thang", "dduoois nuowcs"],
)  # fmt: skip
def test_a_cry_for_help_is_heard(listener: Listener, said: str) -> None:
    assert listener.is_emergency(spell(said))


@pytest.mark.parametrize(
    "said",
    ["tra cứu hồ sơ", "tra cuu", "từ từ thôi", "hồ sơ", "chạy xe ôm", "nghiên cứu khoa học", "bảo hiểm y tế", "",
     "máy chạy chậm", "tra cứu " * 20],
)  # fmt: skip
def test_what_only_sounds_like_one_is_none(listener: Listener, said: str) -> None:
    assert not listener.is_emergency(spell(said))


def test_every_cry_of_the_utterances_is_heard_and_hardly_anything_else(listener: Listener) -> None:
    said = utterances()
    missed = [text for text in said["sos"] if not listener.is_emergency(spell(text))]
    false = [
        text
        for service, texts in said.items()
        if service != "sos"
        for text in texts
        if listener.is_emergency(spell(text))
    ]
    assert len(missed) <= 1
    assert len(false) <= 5


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("đúng rồi", Reply.YES),
        ("dạ phải đó cháu", Reply.YES),
        ("ừ", Reply.YES),
        ("yes please", Reply.YES),
        ("không phải", Reply.NO),
        ("dạ không", Reply.NO),
        ("khong phai dau", Reply.NO),
        ("hổng phải", Reply.NO),
        ("none of these", Reply.NO),
        ("cái thứ hai", Reply.SECOND),
        ("số 3 nha", Reply.THIRD),
        ("cái đầu tiên", Reply.FIRST),
        ("cho tôi gặp người thật được không", Reply.PERSON),
        ("gap nhan vien", Reply.PERSON),
    ],
)
def test_an_answer_to_the_guide_is_heard(listener: Listener, said: str, reply: Reply) -> None:
    assert listener.reply(spell(said)) is reply


@pytest.mark.parametrize(
    "said",
    [
        "",
        "tôi không có tài khoản ngân hàng",
        "có người đánh bạc",
        "tam vang",
        "lý lịch tư pháp số 2",
        "được giảm phí",
    ],
)
def test_a_word_within_a_sentence_answers_nothing(listener: Listener, said: str) -> None:
    assert listener.reply(spell(said)) is None


def test_every_topic_and_every_reply_has_words_in_both_languages() -> None:
    assert set(TOPICS) == set(Topic)
    assert set(REPLIES) == set(Reply)
    for patterns in (*TOPICS.values(), *REPLIES.values(), EMERGENCY):
        assert any(not pattern.isascii() for pattern in patterns)
        assert any(pattern.isascii() for pattern in patterns)
        assert len(set(patterns)) == len(patterns)


def test_every_pattern_is_found_in_itself(listener: Listener) -> None:
    for topic, patterns in TOPICS.items():
        for pattern in patterns:
            assert listener.question(spell(pattern)) is not None, (topic, pattern)
    for pattern in (*EMERGENCY, *EMERGENCY_AS_WRITTEN):
        assert listener.is_emergency(spell(pattern)), pattern
    for reply, patterns in REPLIES.items():
        for pattern in patterns:
            assert listener.reply(spell(pattern)) is reply, pattern
    assert all(spell(word).folded == word for word in POLITE)


def test_unrelated_talk_cries_for_no_help(listener: Listener) -> None:
    assert not [text for text in utterances()[NONE] if listener.is_emergency(spell(text))]


@given(st.text(max_size=500))
def test_whatever_is_said_can_be_listened_to(text: str) -> None:
    listener, said = Listener(), spell(text)
    question = listener.question(said)
    assert question is None or question.found.end <= len(said.folded.split())
    assert listener.is_emergency(said) in {True, False}
    assert listener.reply(said) in {None, *Reply}
