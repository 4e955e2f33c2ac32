import pytest

from catalogue.answers import Topic, answer
from catalogue.load import load_catalogue
from tests.catalogue.samples import Doc, sample, service_of, text

UNCONFIRMED = "Thông tin này chưa được đối chiếu"


def channel(kind: str, fee: str, time: str, *, confirmed: bool = False) -> Doc:
    more = {"confirmed": confirmed, "source": "Thông tư 1"}
    return {
        "kind": kind,
        "fee": {"dong": 5000, "words": text(f"Giá {fee}.", f"{fee}."), **more},
        "time": {"amount": 1, "unit": "days", "words": text(f"Hết {time}.", f"{time}."), **more},
    }


def told(topic: Topic, **changes: object) -> str:
    return answer(service_of(sample(**changes)), topic).text.vi


def test_what_it_is_comes_from_the_summary_and_names_its_source() -> None:
    found = answer(service_of(sample(version=7)), Topic.WHAT)
    assert found.text.vi == "Làm thẻ để mượn sách ở thư viện phường."
    assert found.source == "library-card@7#summary"
    assert found.confirmed


def test_a_cost_that_is_the_same_everywhere_is_told_once() -> None:
    both = [channel("station", "ba", "hai"), channel("counter", "ba", "hai")]
    assert told(Topic.COST, channels=both).startswith("Giá ba. Thông tin")
    assert told(Topic.TIME, channels=both).startswith("Hết hai. Thông tin")


def test_costs_that_differ_are_told_for_each_way_and_equal_ones_together() -> None:
    three = [channel("station", "ba", "x"), channel("online", "ba", "x"), channel("counter", "bốn", "x")]
    assert told(Topic.COST, channels=three).startswith(
        "Tại trạm này, qua mạng: Giá ba. Tại nơi tiếp nhận: Giá bốn."
    )


def test_what_was_not_compared_with_its_source_says_so() -> None:
    unsure, sure = [channel("station", "ba", "hai")], [channel("station", "ba", "hai", confirmed=True)]
    for topic in (Topic.COST, Topic.TIME):
        doubtful = answer(service_of(sample(channels=unsure)), topic)
        assert UNCONFIRMED in doubtful.text.vi
        assert not doubtful.confirmed
        certain = answer(service_of(sample(channels=sure)), topic)
        assert UNCONFIRMED not in certain.text.vi
        assert certain.confirmed


def test_what_one_needs_is_the_card_and_the_papers() -> None:
    papers: list[Doc] = [
        {"id": "a", "name": text("Tờ khai.", "Form."), "form": "original", "count": 2},
        {"id": "b", "name": text("Ảnh", "Photo"), "form": "scan", "optional": True},
        {
            "id": "c",
            "name": text("Giấy", "Paper"),
            "form": "shown",
            "when": [{"question": "who", "is": "child"}],
        },
    ]
    found = answer(service_of(sample(documents=papers, documents_confirmed=True)), Topic.NEED)
    assert found.text.vi == (
        "Không cần giấy tờ tùy thân. Giấy tờ: Tờ khai (bản chính, 2 bản); "
        "Ảnh (chụp ảnh tại trạm, tùy trường hợp); Giấy (xuất trình rồi mang về, tùy trường hợp)."
    )
    assert found.text.en.startswith("No identity papers are needed. Papers: Form (original, 2 copies);")
    assert UNCONFIRMED in told(Topic.NEED, documents=papers)


@pytest.mark.parametrize(
    ("identity", "says"),
    [
        ({"level": "number"}, "Cần số định danh cá nhân."),
        ({"level": "chip", "fields": ["number"], "recipient": "ward-police"}, "Cần thẻ căn cước có chip"),
    ],
)
def test_without_papers_only_the_identity_is_needed(identity: Doc, says: str) -> None:
    found = told(Topic.NEED, documents=[], identity=identity)
    assert found.startswith(says)
    assert found.endswith("Không cần giấy tờ khác.")


def test_where_who_result_and_data_are_told() -> None:
    assert told(Topic.WHERE) == "Tại trạm này."
    assert told(Topic.WHO) == "Thư viện phường giải quyết."
    assert told(Topic.RESULT) == "Thẻ thư viện."
    assert told(Topic.DATA) == "Chỉ thư viện nhận thông tin này."


@pytest.mark.parametrize("topic", list(Topic))
def test_every_shipped_service_answers_every_topic_from_its_own_fields(topic: Topic) -> None:
    for service in load_catalogue().services.values():
        found = answer(service, topic)
        assert found.text.vi.endswith(".")
        assert found.text.en.endswith(".")
        assert found.source.startswith(f"{service.id}@{service.version}#")
        assert hasattr(service, found.source.split("#")[1])
