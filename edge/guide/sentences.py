"""What the guide says, in both languages. Plain and polite, one thought a sentence, nobody is blamed.

`{service}` stands for the name of a service where one is at hand, `{count}` for how many there are at this station and
`{examples}` for some of their names.
"""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from catalogue.words import Text


class Sentence(StrEnum):
    """A sentence by its stable name."""

    GREETING = "greeting"
    CAN_DO = "can-do"
    CONFIRM = "confirm"
    CHOOSE = "choose"
    SAY_OTHERWISE = "say-otherwise"
    EXAMPLES = "examples"
    NOT_UNDERSTOOD = "not-understood"
    WHICH_SERVICE = "which-service"
    OPENING = "opening"
    ANSWER = "answer"
    BEGIN = "begin"
    NO_ANSWER = "no-answer"
    PERSON = "person"
    SOMETHING_ELSE = "something-else"
    TRACK = "track"
    SOS = "sos"


SENTENCES: Final = MappingProxyType(
    {
        Sentence.GREETING: Text("Xin chào! Ông/bà cần làm việc gì?", "Hello! What would you like to do?"),
        Sentence.CAN_DO: Text(
            "Hãy gõ như nói chuyện bình thường, có dấu hay không dấu đều được. "
            "Trạm này có {count} việc, ví dụ: {examples}.",
            "Type it in your own words. This station offers {count} services, for example: {examples}.",
        ),
        Sentence.CONFIRM: Text("Có phải ông/bà muốn:", "Would you like to:"),
        Sentence.CHOOSE: Text("Hãy chọn một trong các việc này.", "Please choose one of these."),
        Sentence.SAY_OTHERWISE: Text(
            "Vậy xin viết lại bằng cách khác.", "Then please put it in another way."
        ),
        Sentence.EXAMPLES: Text(
            "Ví dụ: {examples}.",
            "For example: {examples}.",
        ),
        Sentence.NOT_UNDERSTOOD: Text(
            "Xin lỗi, trạm chưa hiểu, hoặc trạm không có việc này.",
            "Sorry, this was not understood, or this station does not offer it.",
        ),
        Sentence.WHICH_SERVICE: Text("Ông/bà hỏi về việc gì?", "Which service is your question about?"),
        Sentence.OPENING: Text("Bắt đầu: {service}.", "Beginning: {service}."),
        Sentence.ANSWER: Text("{service}:", "{service}:"),
        Sentence.BEGIN: Text("Ông/bà có muốn bắt đầu không?", "Would you like to begin?"),
        Sentence.NO_ANSWER: Text(
            "Trạm chưa có câu trả lời đã được duyệt cho câu hỏi này.",
            "There is no reviewed answer to this question yet.",
        ),
        Sentence.PERSON: Text(
            "Có thể hỏi người phụ trách: chọn “Gặp người hỗ trợ”.",
            "A person can help you: choose “Talk to a person”.",
        ),
        Sentence.SOMETHING_ELSE: Text("Ông/bà cần làm việc gì khác?", "What else would you like to do?"),
        Sentence.TRACK: Text(
            "Trạm này chưa tra cứu được hồ sơ. Xin giữ mã tra cứu trên biên nhận và hỏi nơi giải quyết.",
            "This station cannot look up requests yet. "
            "Please keep the tracking code of your receipt, and ask the deciding office.",
        ),
        Sentence.SOS: Text(
            "Nếu đang nguy hiểm, hãy nhấn nút SOS màu đỏ ngay. Trạm không tự gọi thay ông/bà.",
            "If there is danger, press the red SOS button now. The station does not call by itself.",
        ),
    }
)
