"""Writes the wire's documents from its code."""

from pathlib import Path

from wire.describe import render_asyncapi, render_markdown

DOCS = Path(__file__).resolve().parents[1] / "docs"


def main() -> None:
    """Write docs/wire.md and docs/asyncapi.json."""
    (DOCS / "wire.md").write_text(render_markdown())
    (DOCS / "asyncapi.json").write_text(render_asyncapi())


if __name__ == "__main__":
    main()
