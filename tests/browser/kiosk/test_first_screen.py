"""What a station has to load before it greets anybody: little, whatever comes after it."""

import gzip
import re
from pathlib import Path
from typing import Final

from tests.rig.cloud import ROOT

_DIST: Final = ROOT / "dashboards/dist"
LIMIT_BYTES: Final = 60_000
"""60 kB of JavaScript, gzipped."""


def _zipped(files: set[Path]) -> int:
    return sum(len(gzip.compress(file.read_bytes(), 6)) for file in files)


def _imports(file: Path) -> set[Path]:
    """Return a script and every script that it cannot begin without."""
    found, left = {file}, [file]
    while left:
        text = left.pop().read_text("utf-8")
        # `import{a}from"./b.js"` and `import"./b.js"`, but not `import("./b.js")`, which waits until it is needed
        names = re.findall(r'(?:\bfrom|\bimport)\s*"\./([^"]+\.js)"', text)
        new = {file.parent / name for name in names} - found
        found |= new
        left += new
    return found


def _entry() -> set[Path]:
    page = (_DIST / "kiosk/index.html").read_text("utf-8")
    (script,) = re.findall(r'<script type="module"[^>]* src="/([^"]+)"', page)
    return _imports(_DIST / script)


def test_the_first_screen_is_small_with_services_and_without() -> None:
    entry = _entry()
    (home,) = _DIST.glob("assets/Home-*.js")
    assert 20_000 < _zipped(entry) <= LIMIT_BYTES
    assert _zipped(entry | _imports(home)) <= LIMIT_BYTES


def test_what_comes_after_the_greeting_is_not_among_it() -> None:
    first = {file.name.split("-")[0] for file in _entry()}
    later = {"CabinScreen", "IdentityScreen", "ServicesScreen", "Home", "en"}
    assert not first & later
    assert later <= {file.name.split("-")[0] for file in _DIST.glob("assets/*.js")}
