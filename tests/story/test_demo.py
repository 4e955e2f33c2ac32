"""The demo as a newcomer runs it: unattended, it ends by itself and reports that nothing was lost."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.story, pytest.mark.timeout(180)]


def test_the_unattended_demo_ends_by_itself_and_tells_the_truth(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    result = subprocess.run(
        [
            *(sys.executable, "-m", "bench.demo", "--seconds", "6", "--stations", "2", "--presses", "5"),
            *("--report", str(report)),
        ],
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "/duty/" in result.stdout
    assert "Portal    http://127.0.0.1:" in result.stdout
    assert "Bank      http://127.0.0.1:" in result.stdout
    assert "   hospital\n" in result.stdout
    assert "desk_officer" in result.stdout
    outcome = json.loads(report.read_text())
    assert {name: outcome[name] for name in ("pressed", "stored", "on_screen", "lost", "duplicated")} == {
        "pressed": 5,
        "stored": 5,
        "on_screen": 5,
        "lost": 0,
        "duplicated": 0,
    }
    assert outcome["receipt"]["p50_ms"] > 0
    assert outcome["press_to_screen"]["p99_ms"] >= outcome["press_to_screen"]["p50_ms"] > 0
