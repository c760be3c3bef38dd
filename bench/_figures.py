"""What every script of bench/ tells: one JSON line a figure."""

from __future__ import annotations

import json
from collections.abc import Sequence


def tell(
    figure: str,
    value: float,
    unit: str,
    *,
    target: str | None = None,
    against: str | None = None,
    ratio: float | None = None,
) -> None:
    """Print a figure. `against` names the peer or limit of the same run, `ratio` compares with it."""
    line = {
        "figure": figure,
        "value": rounded(value),
        "unit": unit,
        "target": target,
        "against": against,
        "ratio": None if ratio is None else rounded(ratio),
    }
    print(json.dumps(line), flush=True)


def rounded(value: float) -> float:
    """Return a number with as many digits as its measurement deserves: four."""
    return float(f"{value:.4g}") if abs(value) < 1_000 else float(round(value))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values lies, for example 0.99 of them."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
