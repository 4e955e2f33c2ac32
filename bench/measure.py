"""What every benchmark needs: percentiles, CPU time of a process, and one JSON object on the last line."""

import json
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def percentile(values: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile (`share` in 0..1) of values, at least one, that need not be sorted."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def spread_ms(values_ms: Sequence[float]) -> dict[str, float | None]:
    """Return p50, p95, p99 and max in milliseconds; None each when there is nothing to measure."""
    shares = (("p50_ms", 0.5), ("p95_ms", 0.95), ("p99_ms", 0.99), ("max_ms", 1.0))
    return {name: round(percentile(values_ms, share), 2) if values_ms else None for name, share in shares}


def cpu_seconds(pid: int) -> float:
    """Return the user and system CPU time (s) that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S


def resident_mib(pid: int) -> float:
    """Return the resident memory of a process in MiB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_BYTES / 2**20


def report(name: str, figures: Mapping[str, Any], *, samples: int, baseline: Mapping[str, Any]) -> None:
    """Print the result as the one JSON object that stands on a benchmark's last line."""
    print(
        json.dumps({"name": name, "figures": dict(figures), "samples": samples, "baseline": dict(baseline)})
    )
