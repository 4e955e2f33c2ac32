"""Recorded and published values, one file a source: a comment that tells where from, then a line of hex a value."""

from pathlib import Path

FOLDER = Path(__file__).parents[3] / "captures"


def capture(name: str) -> list[bytes]:
    """Return the values of one file, in its order."""
    lines = (FOLDER / f"{name}.hex").read_text(encoding="utf-8").splitlines()
    return [bytes.fromhex(line) for line in lines if not line.startswith("#")]
