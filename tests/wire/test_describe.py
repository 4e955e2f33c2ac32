"""The documents are the code's, and complete enough to be used alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from wire.describe import CHANNEL_MESSAGES, render_asyncapi, render_markdown
from wire.measures import MEASURES
from wire.topics import Channel, Lane

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(
    ("name", "render"), [("wire.md", render_markdown), ("asyncapi.json", render_asyncapi)]
)
def test_the_documents_are_not_stale(name: str, render: Any) -> None:
    assert (DOCS / name).read_text() == render(), "run `make wire-docs`"


def test_every_channel_lane_and_measure_is_told() -> None:
    text = render_markdown()
    for word in (*Lane, *MEASURES):
        assert f"`{word}`" in text
    for channel in Channel:
        assert str(channel) in text
    assert set(CHANNEL_MESSAGES) == set(Channel)


def test_asyncapi_references_lead_somewhere() -> None:
    document = json.loads(render_asyncapi())
    assert document["asyncapi"] == "3.0.0"
    for reference in _references(document):
        node = document
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]
        assert node


def test_every_message_field_is_bounded() -> None:
    schemas = json.loads(render_asyncapi())["components"]["schemas"]
    loose = {
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, rule in schema.get("properties", {}).items()
        if rule.get("type") == "string" and not {"pattern", "maxLength", "enum"} & set(rule)
    }
    assert loose == set()


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [found for value in node.values() for found in _references(value)]
    return [found for value in node for found in _references(value)] if isinstance(node, list) else []
