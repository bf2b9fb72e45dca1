"""One stored household's years: income per head under each policy against the lines, and what happened before it fell."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from experiments.chains import Event, Fall
from experiments.evidence import figure_in
from experiments.stored import Stored
from sim.rules import month_index

LINES = ("monitoring_line", "poverty_line")


class Tale(NamedTuple):
    """One household in one repetition.

    Attributes:
        household: its id.
        policy: the policy under which it fell.
        fell: the test at which it was below, as a month.
        years: the Decembers told.
        heads: net income per head of the year by policy, yuan; NaN where nobody is left.
        lines: monitoring and poverty line each December, yuan.
        events: what happened before the fall, in order.
    """

    household: int
    policy: str
    fell: int
    years: tuple[int, ...]
    heads: Mapping[str, tuple[float, ...]]
    lines: Mapping[str, tuple[float, ...]]
    events: tuple[Event, ...]

    @property
    def whole(self) -> bool:
        """Whether somebody of it lived through all years under every policy."""
        return all(math.isfinite(value) for heads in self.heads.values() for value in heads)


def tale_of(stored: Stored, fall: Fall, policies: Sequence[str]) -> Tale | None:
    """Return the years of the household that fell, under some policies with the same luck; None where no table holds it.

    Args:
        stored: a folder of runs.
        fall: one of its falls (`experiments.chains.read_falls`).
        policies: whose years are told; the one under which it fell comes first.
    """
    repeat = next(one for one in stored.repeats if one == (fall.draw, fall.replication))
    heads: dict[str, tuple[float, ...]] = {}
    years: tuple[int, ...] = ()
    for policy in dict.fromkeys((fall.policy, *policies)):
        columns = stored.runs[policy, fall.county, repeat].columns("households.parquet")
        place = np.flatnonzero(np.asarray(columns["id"]) == fall.household)
        if not len(place):
            return None
        years = tuple(sorted(int(name.removeprefix("net_head_")) for name in columns if name.startswith("net_head_")))
        heads[policy] = tuple(float(columns[f"net_head_{year}"][place[0]]) for year in years)
    scenario = stored.runs[fall.policy, fall.county, repeat].scenario()
    lines = {
        name: tuple(float(figure_in(scenario, f"values.{name}", month_index(year, 12))) / 100 for year in years) for name in LINES
    }
    return Tale(fall.household, fall.policy, fall.month, years, heads, lines, fall.events)
