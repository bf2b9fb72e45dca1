"""Where families stand each December, how they move from one December to the next, and how many newly fall place by place.

Read from the stored tables of households: a row is a founding household of 2013.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.evidence import figure_in
from experiments.labels import Label
from experiments.stored import Run, Stored
from sim.indicators import GROUPS
from sim.relapse import BITS_FROM
from sim.rules import month_index

FIRST = 2020
"""The first December shown: the month of the last exits."""
NEAR = 1.5
"""Monitoring lines up to which a family counts as near the line, as at the start of the plan (docs/model.md)."""
STATES = {
    "poor": Label("低于贫困线", "below the poverty line"),
    "at_risk": Label("低于监测线", "below the monitoring line"),
    "near": Label("监测线至其1.5倍", "up to 1.5 monitoring lines"),
    "secure": Label("高于监测线1.5倍", "above 1.5 monitoring lines"),
    "gone": Label("已无成员", "nobody left"),
}
"""States by net income per head of the year that ends in December, the lowest first."""
FELL_GROUPS = ("ex_poor", "marginal")


class Flows(NamedTuple):
    """Families of one policy by state, means over repetitions.

    Attributes:
        years: Decembers.
        shares: state of each year: year, state; each year sums to 1.
        moves: from one December to the next: year, state before, state after; each year sums to 1.
        families: mean number of families, each for all it stands for.
    """

    years: tuple[int, ...]
    shares: NDArray[np.float64]
    moves: NDArray[np.float64]
    families: float


@dataclass(frozen=True)
class PlaceFalls:
    """New falls of the families of one place.

    Attributes:
        id: number of the township, or name of the county.
        label: what it is called.
        years: calendar years.
        shares: by policy: repetition, year; share of the ex-poor and marginal families that newly fall, net.
        families: their number in the first repetition, as simulated.
    """

    id: str
    label: Label
    years: tuple[int, ...]
    shares: Mapping[str, NDArray[np.float64]]
    families: int


def flows_of(stored: Stored, policy: str, group: str = "ex_poor") -> Flows:
    """Return how the families of a group move among states under a policy.

    Args:
        stored: a folder of runs.
        policy: one of its policies.
        group: one of the groups of families.
    """
    years = decembers(stored, policy)
    moves = np.zeros((len(years) - 1, len(STATES), len(STATES)))
    families = 0.0
    for repeat in stored.repeats:
        for run in stored.of(policy, repeat):
            states = _states(run, years, group)
            families += run.stands_for * states.shape[1]
            for place in range(len(years) - 1):
                np.add.at(moves[place], (states[place], states[place + 1]), run.stands_for)
    total = moves.sum(axis=(1, 2), keepdims=True)
    moves = np.divide(moves, total, out=np.zeros_like(moves), where=total > 0)
    shares = np.concatenate([moves[:1].sum(axis=2), moves.sum(axis=1)]) if len(moves) else np.zeros((len(years), len(STATES)))
    return Flows(years, shares, moves, families / max(1, len(stored.repeats)))


def decembers(stored: Stored, policy: str) -> tuple[int, ...]:
    """Return the Decembers that a run's table of households tells of."""
    columns = stored.of(policy, stored.repeats[0])[0].columns("households.parquet")
    found = sorted(int(name.removeprefix("net_head_")) for name in columns if name.startswith("net_head_"))
    return tuple(year for year in found if year >= FIRST)


def _states(run: Run, years: tuple[int, ...], group: str) -> NDArray[np.int64]:
    """Return the state of each family of a group in each December: year, family."""
    columns, scenario = run.columns("households.parquet"), run.scenario()
    within = columns["group"] == GROUPS.index(group)
    rows = []
    for year in years:
        heads = np.asarray(columns[f"net_head_{year}"], dtype=np.float64)[within]
        low, watched = (figure_in(scenario, f"values.{line}", month_index(year, 12)) / 100 for line in _LINES)
        found = np.searchsorted([low, watched, NEAR * watched], heads, side="right")
        rows.append(np.where(np.isnan(heads), len(STATES) - 1, found))
    return np.array(rows, dtype=np.int64)


_LINES = ("poverty_line", "monitoring_line")


def falls_by_place(stored: Stored) -> list[PlaceFalls]:
    """Return new falls by county where the runs are of several, else by township."""
    results = stored.results()
    years = tuple(year for year in results.years if results.months_in(year) >= 9)
    keys: list[tuple[int, int | None]] = [(county, None) for county in stored.counties]
    if len(keys) == 1:
        first = stored.of(stored.study.policies[0], stored.repeats[0])[0].columns("households.parquet")
        keys = [(stored.counties[0], int(township)) for township in np.unique(first["township"])]
    return [_falls(stored, county, township, years) for county, township in keys]


def _falls(stored: Stored, county: int, township: int | None, years: tuple[int, ...]) -> PlaceFalls:
    """Return the new falls of one county, or of one of its townships."""
    shares = {}
    for policy in stored.study.policies:
        runs = [stored.runs[policy, county, repeat] for repeat in stored.repeats]
        shares[policy] = np.array([_shares(run.columns("households.parquet"), township, years) for run in runs])
    run = stored.runs[stored.study.policies[0], county, stored.repeats[0]]
    count = int(_within(run.columns("households.parquet"), township).sum())
    if township is not None:
        return PlaceFalls(str(township + 1), Label(f"第{township + 1}乡镇", f"township {township + 1}"), years, shares, count)
    case = next(case for case in stored.plan().cases if case.name == run.place or case.name.endswith(f"/{run.place}"))
    return PlaceFalls(case.name.rpartition("/")[2], Label(case.names["zh"], case.names["en"]), years, shares, count)


def _within(columns: Mapping[str, Any], township: int | None) -> NDArray[np.bool_]:
    """Mark the ex-poor and marginal families of a place."""
    found = np.isin(columns["group"], [GROUPS.index(group) for group in FELL_GROUPS])
    return np.asarray(found if township is None else found & (columns["township"] == township))


def _shares(columns: Mapping[str, Any], township: int | None, years: tuple[int, ...]) -> list[float]:
    """Return the share of a place's families that newly fall in each year; NaN where it has none."""
    bits = np.asarray(columns["years_net"], dtype=np.int64)[_within(columns, township)]
    return [float(((bits >> (year - BITS_FROM)) & 1).mean()) if len(bits) else np.nan for year in years]
