"""What a submission costs, where a number can say it. Pure."""

from catalogue.asking import Answers, applicable
from catalogue.model import Service
from catalogue.terms import ChannelKind


def due_dong(service: Service, kind: ChannelKind, answers: Answers) -> int | None:
    """Return the fee in whole dong for handing it in this way; None: only the office can say, or the way is not offered.

    A number that was not asked for, or not answered well, counts as one.
    """
    fee = next((channel.fee for channel in service.channels if channel.kind is kind), None)
    if fee is None or fee.dong is None:
        return None
    if fee.each is None or fee.each not in {question.id for question in applicable(service, answers)}:
        return fee.dong
    count = answers.get(fee.each)
    return fee.dong * (count if isinstance(count, int) and not isinstance(count, bool) and count > 0 else 1)
