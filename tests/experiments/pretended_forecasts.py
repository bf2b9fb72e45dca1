"""Forecasts made by hand."""

from __future__ import annotations

import numpy as np

from experiments.fans import Forecast, Point, Series
from experiments.labels import Label

YEARS = (2021, 2022, 2023, 2024, 2025)
SERIES = Series("relapse_net", Label("返贫率", "relapse"), Label("%", "%"), 2)
OBSERVED = tuple(
    Point(f"seen_{year}", "relapse_net", year, 12, value, "China", "emergent", "exact", f"Office, {year + 1}-02-01")
    for year, value in ((2020, 9.0), (2021, 10.0), (2022, 11.0))
)


def made(luck=1.0, policies=("documented", "kept"), points=OBSERVED, goal=(), transition_end=None, draws=False):
    """A forecast of eight repetitions: level, trend, luck that both policies share, and two points more when documented."""
    random = np.random.default_rng(1)
    common = 10 + np.arange(5.0) + luck * random.normal(size=(8, 1))
    values = {"documented": common + 2, "kept": common}
    return Forecast(
        place=Label("南阳市某县", "a county of Nanyang"),
        policies={policy: Label("文件规定", policy) for policy in policies},
        base=policies[-1],
        factual=policies[0],
        years=YEARS,
        values={"relapse_net": np.stack([values[policy] for policy in policies])},
        series=(SERIES,),
        repeats=tuple((f"{number:04d}-x" if draws else "point", number) for number in range(8)),
        points=tuple(points),
        goal=tuple(goal),
        asof=None,
        last_horizon=2025,
        transition_end=transition_end,
    )
