"""Townships: relapse comes in clusters, and no longer does when weather, prices and lay-offs are off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from experiments.checks.bench import Bench
from experiments.checks.edits import with_values
from experiments.checks.row import Row, bounded
from experiments.clusters import run_spreads
from experiments.labels import Label

SHARED: Mapping[str, float] = {
    "disaster_rate": 0.0, "yield_common": 0.0, "price_sd": 0.0, "livestock_price_sd": 0.0, "layoff_rate_local": 0.0,
    "layoff_rate_migrant": 0.0,
}  # fmt: skip
"""What hits many households at once, switched off."""
YEARS = [2022, 2023, 2024, 2025]


def over_dispersion(bench: Bench, shared: Mapping[str, float] = SHARED) -> list[Row]:
    """Check the over-dispersion of townships with and without what hits many at once.

    Args:
        bench: the county.
        shared: the values that switch it off; leaving some out is a planted fault.
    """
    quiet = with_values(bench.checked, **shared)
    on = [_dispersion(model) for model in bench.runs()]
    off = [_dispersion(bench.run(quiet, seed)) for seed in bench.seeds]
    name = Label("乡镇返贫户数的离散指数", "over-dispersion of the townships' counts of relapse")
    less = Label("关闭灾害、价格、裁员后离散指数的下降", "fall of the over-dispersion without disasters, prices and lay-offs")
    each = Label("关闭灾害、价格、裁员后的离散指数", "over-dispersion without disasters, prices and lay-offs")
    size = bench.county.townships * len(YEARS) * len(bench.seeds)
    paired = [one - other for one, other in zip(on, off, strict=True)]
    return [
        bounded("dispersion", name, on, Label("大于1", "above 1"), 1.0, np.inf, size),
        bounded("dispersion_less", less, paired, Label("大于0", "above 0"), 0.0, np.inf, size),
        bounded("dispersion_off", each, off, Label("约为1", "about 1"), 0.7, 1.3, size),
    ]


def _dispersion(model: Any) -> float:
    """Return the mean over years of the townships' over-dispersion in a run."""
    spreads = run_spreads(model.household_table(), YEARS)
    found = [spreads["ex_poor", "net", "township", year].dispersion for year in YEARS]
    return float(np.nanmean(found)) if not np.isnan(found).all() else np.nan
