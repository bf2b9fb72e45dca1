"""Counties: bad years come to several at once, and the chance that all of them hold falls with their number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.checks.bench import Bench
from experiments.checks.edits import with_values
from experiments.checks.row import Row, bounded
from experiments.labels import Label
from sim.indicators import GROUPS, INDEX
from sim.rules import month_index

COUNTIES = 4
EX_POOR = GROUPS.index("ex_poor")
START = month_index(2021)
YEARS = (2021, 2022, 2023, 2024, 2025)
APART: Mapping[str, float] = {"price_common": 0.0, "disaster_common": 0.0, "layoff_rate_migrant": 0.0}
"""What counties have in common, switched off: each has prices, disasters and lay-offs of its own."""
LINE = 0.75
"""Quantile of all counties' yearly rates that serves as the threshold (convention)."""


def counties_together(bench: Bench, apart: Mapping[str, float] = APART, same_luck: bool = False) -> list[Row]:
    """Check that the chance that all counties hold falls with their number, and what counties have in common.

    Args:
        bench: the county; its copies differ in their number, that is in their draws.
        apart: the values that leave counties nothing in common.
        same_luck: give all copies one number: a planted fault, all of them then hold or none does.
    """
    first = bench.county.number
    copies = [_copy(bench, first if same_luck else first + number) for number in range(COUNTIES)]
    shared = np.array([[_yearly(copy.run(copy.checked, seed)) for copy in copies] for seed in bench.seeds])
    separate = with_values(bench.checked, **apart)
    alone = np.array([[_yearly(copy.run(separate, seed)) for copy in copies] for seed in bench.seeds])
    line = float(np.quantile(shared, LINE))
    falls = [hold(run, 1, line) - hold(run, COUNTIES, line) for run in shared]
    names = (
        Label(f"一县守住的概率减{COUNTIES}县都守住的概率", f"chance that one county holds less chance that all {COUNTIES} do"),
        Label("各县返贫率的两两相关（价格、灾害、裁员有共同部分）", "correlation of counties' rates, with shared shocks"),
        Label("同上，互不相干时", "the same with nothing in common"),
    )  # fmt: skip
    size = shared.size
    return [
        bounded("counties_hold", names[0], falls, Label("大于0", "above 0"), 1e-9, np.inf, size),
        bounded("counties_common", names[1], _correlations(shared), Label("不为负", "not below 0"), -0.15, 1.0, size),
        bounded("counties_apart", names[2], _correlations(alone), Label("约为0", "about 0"), -0.25, 0.25, size),
    ]


def hold(rates: NDArray[np.float64], count: int, line: float) -> float:
    """Return in how many of all years and choices of ``count`` counties all of them stay at or below the line.

    Args:
        rates: by county and year.
        count: how many counties are looked at together.
        line: the threshold.
    """
    under = rates <= line
    return float(np.mean([under[list(chosen)].all(axis=0).mean() for chosen in combinations(range(len(rates)), count)]))


def _copy(bench: Bench, number: int) -> Bench:
    """Return the bench of the same county under another number: its own draws, its own past."""
    return replace(bench, county=replace(bench.county, number=number), _pasts={}, _runs={})


def _yearly(model: Any) -> list[float]:
    """Return by year the ex-poor persons newly below the line, net, over those tested each September."""
    found = []
    for year in YEARS:
        counts = model.record[month_index(year, 9) - START, EX_POOR]
        found.append(counts[INDEX["relapse_net_persons"]] / max(1, counts[INDEX["tested_persons"]]))
    return found


def _correlations(rates: NDArray[np.float64]) -> list[float]:
    """Return by year the mean correlation over replications of two counties' rates."""
    found = []
    for year in range(rates.shape[2]):
        matrix = np.atleast_2d(np.corrcoef(rates[:, :, year].T))
        found.append(float(matrix[np.triu_indices(len(matrix), 1)].mean()))
    return found
