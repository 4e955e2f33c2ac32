"""A small service that is right in every way, and ways to make it wrong in one."""

import copy
import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import copytree
from typing import Any

import yaml
from hypothesis import HealthCheck, settings

from catalogue.load import SHIPPED, load_catalogue, read_service
from catalogue.mistakes import BrokenCatalogueError, Mistake
from catalogue.model import Service

TODAY = dt.date(2026, 11, 27)
Doc = dict[str, Any]

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)


def text(vi: str, en: str = "English") -> Doc:
    return {"vi": vi, "en": en}


def question(kind: str, name: str, **more: object) -> Doc:
    return {"type": kind, "id": name, "text": text(f"Câu hỏi {name}", f"Question {name}"), **more}


def choice(name: str, *options: str, **more: object) -> Doc:
    return question(
        "choice",
        name,
        options=[{"id": each, "label": text(f"Chọn {each}", each)} for each in options],
        **more,
    )


def state(name: str, stage: str, **more: object) -> Doc:
    return {"id": name, "stage": stage, "name": text("Bước"), "told": text("Đang chờ."), **more}


def waiting(name: str, stage: str, *moves: tuple[str, str, str], **more: object) -> Doc:
    return state(
        name,
        stage,
        who=moves[0][1],
        deadline={"amount": 3, "unit": "working-days"},
        moves=[{"action": action, "by": by, "to": to} for action, by, to in moves],
        **more,
    )


WORKFLOW: list[Doc] = [
    waiting("new", "submitted", ("decide", "officer", "done"), ("refuse", "officer", "refused"), start=True),
    state("done", "decided"),
    state("refused", "refused"),
]

LIBRARY_CARD: Doc = {
    "id": "library-card",
    "version": 1,
    "kind": "booking",
    "need": "papers",
    "name": text("Làm thẻ thư viện", "Library card"),
    "summary": text(
        "Làm thẻ để mượn sách ở thư viện phường.", "Get a card to borrow books at the ward's library."
    ),
    "data_use": text("Chỉ thư viện nhận thông tin này.", "Only the library receives this."),
    "search": {
        "vi": ["thẻ thư viện", "the thu vien", "mượn sách", "muon sach", "đọc sách ở phường"],
        "en": ["borrow books"],
    },
    "authority": "ward-committee",
    "decides": text("Thư viện phường", "The ward's library"),
    "connector": "hospital",
    "identity": {"level": "none"},
    "channels": [
        {
            "kind": "station",
            "fee": {"dong": 5000, "words": text("Năm nghìn đồng.", "5,000 dong.")},
            "time": {"amount": 1, "unit": "working-days", "words": text("Một ngày.", "One day.")},
        }
    ],
    "documents": [{"id": "photo", "name": text("Ảnh chân dung", "Portrait"), "form": "original"}],
    "result": text("Thẻ thư viện.", "A library card."),
    "questions": [
        choice("who", "adult", "child"),
        question("name", "name"),
        question("name", "parent", when=[{"question": "who", "is": "child"}]),
    ],
    "workflow": WORKFLOW,
    "reviewed_on": dt.date(2026, 11, 1),
    "reviewed_by": text("Người thử", "Tester"),
}


def sample(**changes: object) -> Doc:
    """Return the sample with these keys changed."""
    return {**copy.deepcopy(LIBRARY_CARD), **changes}


class _Dumper(yaml.CSafeDumper):
    """Writes everything out: the catalogue knows no aliases."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  the library's signature
        return True


def written(doc: object) -> bytes:
    return yaml.dump(doc, Dumper=_Dumper, allow_unicode=True, sort_keys=False).encode()


def mistakes_of(doc: Mapping[str, object]) -> list[Mistake]:
    """Return what is wrong with one service."""
    service, mistakes = read_service("library-card.yaml", written(dict(doc)))
    assert (service is None) == bool(mistakes)
    return mistakes


def told_of(doc: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return path and text of every mistake of one service."""
    return [(mistake.path, mistake.text) for mistake in mistakes_of(doc)]


def service_of(doc: Mapping[str, object]) -> Service:
    """Return a service that must be right."""
    service, mistakes = read_service("library-card.yaml", written(dict(doc)))
    assert mistakes == []
    assert service is not None
    return service


def asked(*questions: Doc, **changes: object) -> Service:
    """Return the sample service with these questions."""
    return service_of(sample(questions=list(questions), **changes))


def whole_copy(folder: Path) -> Path:
    """Copy the shipped data (not the code) to where a test may change it."""
    target = folder / "catalogue"
    copytree(
        SHIPPED, target, ignore=lambda _dir, names: [name for name in names if name.endswith((".py", ".pyc"))]
    )
    return target


def change(path: Path, edit: Callable[[Any], object]) -> None:
    """Edit a YAML file in place."""
    doc = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    edit(doc)
    path.write_bytes(written(doc))


def broken(folder: Path) -> list[Mistake]:
    """Return what is wrong with a folder."""
    try:
        load_catalogue(folder)
    except BrokenCatalogueError as error:
        return error.mistakes
    return []
