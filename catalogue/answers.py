"""Answers to what people ask about a service, taken from its reviewed fields only, each with its source.

The text is put together from what an editor wrote; nothing is invented, and what was not confirmed says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from catalogue.model import Level, Service
from catalogue.terms import Channel, ChannelKind, Document, Fee, Form, Time
from catalogue.words import Text


class Topic(StrEnum):
    """What people ask."""

    WHAT = "what"
    COST = "cost"
    TIME = "time"
    NEED = "need"
    WHERE = "where"
    WHO = "who"
    RESULT = "result"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, and where it stands: `temporary-residence@3#channels`."""

    text: Text
    source: str
    confirmed: bool
    """False: nobody compared it with the authority's own words yet; the text says so too."""


_UNCONFIRMED: Final = Text(
    "Thông tin này chưa được đối chiếu với nguồn chính thức; xin hỏi lại cơ quan giải quyết.",
    "This was not yet compared with the official source; please ask the deciding office.",
)
_CHANNELS: Final = {
    ChannelKind.STATION: Text("Tại trạm này", "At this station"),
    ChannelKind.ONLINE: Text("Qua mạng", "Online"),
    ChannelKind.COUNTER: Text("Tại nơi tiếp nhận", "At the counter"),
    ChannelKind.POST: Text("Qua bưu điện", "By post"),
}
_FORMS: Final = {
    Form.ORIGINAL: Text("bản chính", "original"),
    Form.COPY: Text("bản sao", "copy"),
    Form.CERTIFIED_COPY: Text("bản sao chứng thực", "certified copy"),
    Form.SCAN: Text("chụp ảnh tại trạm", "picture taken here"),
    Form.SHOWN: Text("xuất trình rồi mang về", "to show"),
}
_LEVELS: Final = {
    Level.NONE: Text("Không cần giấy tờ tùy thân.", "No identity papers are needed."),
    Level.NUMBER: Text("Cần số định danh cá nhân.", "You need your citizen number."),
    Level.CHIP: Text(
        "Cần thẻ căn cước có chip, đặt lên đầu đọc.", "You need your chip identity card, laid on the reader."
    ),
}


def answer(service: Service, topic: Topic) -> Answer:
    """Return the answer to a topic."""
    make, name, sure = _TOPICS[topic]
    confirmed = sure(service)
    text = make(service)
    if not confirmed:
        text = Text(f"{text.vi} {_UNCONFIRMED.vi}", f"{text.en} {_UNCONFIRMED.en}")
    return Answer(text, f"{service.id}@{service.version}#{name}", confirmed)


def _what(service: Service) -> Text:
    return service.summary


def _cost(service: Service) -> Text:
    return _channels(service, lambda channel: channel.fee.words)


def _time(service: Service) -> Text:
    return _channels(service, lambda channel: channel.time.words)


def _channels(service: Service, told: Callable[[Channel], Text]) -> Text:
    """Tell each way of handing it in; ways of which the same is true are told together, and all of them without names."""
    ways: dict[Text, list[ChannelKind]] = {}
    for channel in service.channels:
        ways.setdefault(told(channel), []).append(channel.kind)
    if len(ways) == 1:
        return next(iter(ways))
    parts = [(_list_of(kinds), text) for text, kinds in ways.items()]
    return Text(
        " ".join(f"{name.vi}: {text.vi}" for name, text in parts),
        " ".join(f"{name.en}: {text.en}" for name, text in parts),
    )


def _list_of(kinds: list[ChannelKind]) -> Text:
    return Text(
        ", ".join(_CHANNELS[kind].vi.lower() for kind in kinds).capitalize(),
        ", ".join(_CHANNELS[kind].en.lower() for kind in kinds).capitalize(),
    )


def _need(service: Service) -> Text:
    level = _LEVELS[service.identity.level]
    vi = "; ".join(_paper(document, "vi") for document in service.documents)
    en = "; ".join(_paper(document, "en") for document in service.documents)
    if not vi:
        return Text(f"{level.vi} Không cần giấy tờ khác.", f"{level.en} No other papers are needed.")
    return Text(f"{level.vi} Giấy tờ: {vi}.", f"{level.en} Papers: {en}.")


def _paper(document: Document, language: str) -> str:
    name = getattr(document.name, language).rstrip(".")
    details = [getattr(_FORMS[document.form], language)]
    if document.count > 1:
        details.append(f"{document.count} bản" if language == "vi" else f"{document.count} copies")
    if document.when or document.optional:
        details.append("tùy trường hợp" if language == "vi" else "in some cases")
    return f"{name} ({', '.join(details)})"


def _where(service: Service) -> Text:
    names = _list_of([channel.kind for channel in service.channels])
    return Text(f"{names.vi}.", f"{names.en}.")


def _who(service: Service) -> Text:
    return Text(f"{service.decides.vi} giải quyết.", f"It is decided by: {service.decides.en}.")


def _result(service: Service) -> Text:
    return service.result


def _data(service: Service) -> Text:
    return service.data_use


def _always(_service: Service) -> bool:
    return True


def _fees_confirmed(service: Service) -> bool:
    return all(_sure(channel.fee) for channel in service.channels)


def _times_confirmed(service: Service) -> bool:
    return all(_sure(channel.time) for channel in service.channels)


def _documents_confirmed(service: Service) -> bool:
    return service.documents_confirmed or not service.documents


def _sure(term: Fee | Time) -> bool:
    return term.confirmed


_TOPICS: Final[dict[Topic, tuple[Callable[[Service], Text], str, Callable[[Service], bool]]]] = {
    Topic.WHAT: (_what, "summary", _always),
    Topic.COST: (_cost, "channels", _fees_confirmed),
    Topic.TIME: (_time, "channels", _times_confirmed),
    Topic.NEED: (_need, "documents", _documents_confirmed),
    Topic.WHERE: (_where, "channels", _always),
    Topic.WHO: (_who, "decides", _always),
    Topic.RESULT: (_result, "result", _always),
    Topic.DATA: (_data, "data_use", _always),
}
