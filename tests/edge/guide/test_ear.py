from catalogue.answers import Topic
from edge.guide.ear import Ear
from edge.guide.match import Entry, Matcher
from edge.guide.opinions import Choice
from edge.guide.topics import Listener
from edge.guide.understanding import Understanding

NEAR = Understanding(
    Matcher.build(
        [
            Entry("birth", ("Đăng ký khai sinh", "khai sinh", "em bé")),
            Entry("death", ("Đăng ký khai tử", "khai tử")),
            Entry("track", ("Tra cứu hồ sơ",)),
        ],
        ("trời mưa", "bóng đá"),
    ),
    Listener(),
)


class Adviser:
    """Always of one opinion; counts how often it was asked."""

    def __init__(self, choice: Choice | None) -> None:
        self._choice = choice
        self.asked: list[str] = []

    async def ask(self, text: str) -> Choice | None:
        self.asked.append(text)
        return self._choice


async def test_a_station_by_itself_asks_nobody() -> None:
    for said in ("khai sinh", "hôn thú bị mối ăn", ""):
        assert await Ear(NEAR).hear(said) == NEAR.understand(said)


async def test_only_what_is_not_known_is_asked_about() -> None:
    adviser = Adviser(Choice("death", None))
    ear = Ear(NEAR, adviser)
    for said in ("làm khai sinh", "cứu với", "dạ đúng rồi", "mất bao lâu", "", "   "):
        assert await ear.hear(said) == NEAR.understand(said)
    assert adviser.asked == []


async def test_an_opinion_leads_the_proposal_and_brings_its_question() -> None:
    adviser = Adviser(Choice("death", Topic.COST))
    understood = await Ear(NEAR, adviser).hear("cụ nhà mới đi xa")
    assert adviser.asked == ["cụ nhà mới đi xa"]
    assert understood.is_known
    assert understood.services[0] == "death"
    assert understood.services.count("death") == 1
    assert len(understood.services) <= 3
    assert understood.topic is Topic.COST


async def test_no_opinion_leaves_what_is_not_known_unknown() -> None:
    understood = await Ear(NEAR, Adviser(None)).hear("cụ nhà mới đi xa")
    assert understood == NEAR.understand("cụ nhà mới đi xa")
    assert not understood.is_known
