"""What is submitted: the document that only its recipient reads, and the entry around it that anybody on the way may.

In the open stand the service, at whom it is directed, which fields of a card go along (never their values), and of a
report its category, which the public may see. Its ward is the station's: a point on a map names none.
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from catalogue.asking import question_of
from catalogue.model import Kind
from catalogue.questions import CardQuestion, ChoiceQuestion
from edge.services.offer import REQUEST_KINDS
from edge.services.session.events import Submit
from wire.entries import Blob, RequestSubmitted
from wire.tracking import Receipt, proof_of

CATEGORY: Final = "category"
"""The question of a report whose answer stands in the open."""


def document(submit: Submit, *, station: str, tracking: str, at_ms: int) -> bytes:
    """Return the JSON that the recipient will read.

    `answers` by question, without those of the card: they stand in `card`, with what was proven of it (None: no card).
    The answer to a question for pictures are the digests by which the request names them (`blobs`), each sealed like this.
    `papers` are owed: the person brings them to the desk. `submitted_at_ms` is the station's wall clock.
    """
    service = submit.offered.whole
    cards = {question.id for question in service.questions if isinstance(question, CardQuestion)}
    return msgspec.json.encode(
        {
            "request": submit.request,
            "tracking": tracking,
            "station": station,
            "service": service.id,
            "version": service.version,
            "code": service.code,
            "text_version": submit.text_version,
            "submitted_at_ms": at_ms,
            "level": service.identity.level,
            "answers": {name: value for name, value in submit.answers.items() if name not in cards},
            "card": _card(submit),
            "papers": [
                {"document": each.document.id, "optional": each.optional}
                for each in submit.offered.owed_papers(submit.answers)
            ],
        }
    )


def entry(submit: Submit, receipt: Receipt, *, sealed: bytes, blobs: Sequence[Blob] = ()) -> RequestSubmitted:
    """Return what the journal holds of it, of the receipt's word the proof alone; `blobs` are its pictures."""
    service = submit.offered.whole
    return RequestSubmitted(
        request=submit.request,
        tracking=receipt.code,
        service=service.id,
        service_version=service.version,
        request_kind=REQUEST_KINDS[service.kind],
        authority=service.authority,
        text_version=submit.text_version,
        recipients=[submit.offered.recipient],
        fields=list(_fields(submit)),
        category=_category(submit),
        sealed=sealed,
        blobs=list(blobs),
        proof=proof_of(receipt),
    )


def _fields(submit: Submit) -> dict[str, object]:
    """Return the card's answers by the name of the field."""
    return {
        question.field.value: submit.answers[question.id]
        for question in submit.offered.whole.questions
        if isinstance(question, CardQuestion) and question.id in submit.answers
    }


def _card(submit: Submit) -> dict[str, Any] | None:
    if submit.card is None:
        return None
    proof = submit.card.proof
    return {"fields": _fields(submit), "issuer": proof.issuer, "clone_check": proof.clone_check}


def _category(submit: Submit) -> str | None:
    """Return the category of a report: one of its listed answers, and never what was declared personal."""
    service = submit.offered.whole
    question = question_of(service, CATEGORY) if service.kind is Kind.REPORT else None
    if not isinstance(question, ChoiceQuestion) or question.personal:
        return None
    value = submit.answers.get(CATEGORY)
    return value if isinstance(value, str) else None
