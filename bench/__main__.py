"""`python -m bench`: every benchmark, one after the other; the results in bench/results.json."""

import json
import subprocess
import sys
from pathlib import Path

BENCHMARKS = (
    "sos",
    "ingest",
    "edge",
    "journal",
    "codecs",
    "cabin",
    "idcard",
    "guide",
    "payments",
    "requests",
    "screen",
)
RESULTS = Path(__file__).parent / "results.json"
_TIMEOUT_S = 900


def main() -> int:
    """Run them all; the status is 1 when one of them failed."""
    results: dict[str, object] = {}
    failed: list[str] = []
    for name in BENCHMARKS:
        print(f"bench.{name} ...", flush=True)
        run = subprocess.run(
            [sys.executable, "-m", f"bench.{name}"],
            stdout=subprocess.PIPE,
            text=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
        lines = run.stdout.strip().splitlines()
        if run.returncode != 0 or not lines:
            failed.append(name)
            continue
        results[name] = json.loads(lines[-1])
        print(json.dumps(results[name], indent=2), flush=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    for name in failed:
        print(f"bench.{name} failed", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
