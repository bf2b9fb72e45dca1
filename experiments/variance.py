"""The variance budget: how much of the yearly change of log income per head health, jobs and harvests explain, and what is left.

Each part is switched off in turn under the same luck. What the parts take away and what is left with all of them off must add up
to the whole but for what they do together; the gap is reported, not hidden.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from sim.history import live
from sim.model import Model
from sim.past import Past
from sim.rules import County, Rules, constant

PARTS: Mapping[str, Mapping[str, float]] = {
    "health": {"admission_level": 0.0, "outpatient_cost": 0.0},
    "jobs": {
        "job_loss_migrant": 0.0, "job_loss_local": 0.0, "job_finding": 0.0, "return_rate": 0.0, "retirement_rate": 0.0,
        "wage_innovation_sd": 0.0,
    },
    "harvest": {"yield_sd": 0.0, "price_sd": 0.0, "livestock_price_sd": 0.0, "disaster_rate": 0.0},
}  # fmt: skip
"""What is switched off for each part, from January 2021 on: no more luck of this kind."""
YEARS = 4
"""Years lived; the first only lets the switches take hold."""
LEAST = 100_000
"""Income per head of 1,000 yuan: years below it have no meaningful logarithm and leave the sample."""


class Budget(NamedTuple):
    """Variances of the yearly change of log income per head.

    Attributes:
        whole: with everything on.
        parts: by part, what goes away when it alone is switched off.
        rest: with all parts off: births, deaths, transfers, posts, the lines of the means test.
        changes: yearly changes in the sample.
    """

    whole: float
    parts: Mapping[str, float]
    rest: float
    changes: int

    @property
    def gap(self) -> float:
        """What parts and rest leave unexplained, as a share of the whole: what the parts do together."""
        return (self.whole - self.rest - sum(self.parts.values())) / self.whole


def without(rules: Rules, names: Iterable[str]) -> Rules:
    """Return rules with some parts switched off."""
    values = {key: constant(value) for name in names for key, value in PARTS[name].items()}
    return dataclasses.replace(rules, values={**rules.values, **values})


def incomes(past: Past, rules: Rules, off: Iterable[str], seed: int, operator: str) -> np.ndarray:
    """Return income per head at the end of each year by founding household, in fen; rows are years."""
    model = Model(past.county, without(rules, off), rng=seed, past=past, months=12 * YEARS)
    rows = []
    for _ in range(YEARS):
        for _ in range(12):
            model.step()
        households = model.state.households
        founding = households["id"] == households["root"]
        rows.append((households[f"{operator}_12m"] / np.maximum(households["members"], 1))[founding])
    return np.array(rows)


def budget(county: County, rules: Rules, seeds: Iterable[int], operator: str = "net") -> Budget:
    """Work out the budget of one scenario.

    Args:
        county: the place.
        rules: the scenario.
        seeds: replications, pooled.
        operator: ``net`` of unavoidable spending or ``gross``.

    Returns:
        Variances over the same household-years in all runs: those with at least 1,000 yuan a head in every run.
    """
    runs: dict[tuple[str, ...], list[np.ndarray]] = {}
    for seed in seeds:
        past = live(county, rules, seed)
        for off in ((), *((name,) for name in PARTS), tuple(PARTS)):
            runs.setdefault(off, []).append(incomes(past, rules, off, seed, operator))
    joined = {off: np.concatenate(found, axis=1) for off, found in runs.items()}
    fit = np.all([(rows >= LEAST).all(axis=0) for rows in joined.values()], axis=0)
    change = {off: np.diff(np.log(rows[:, fit]), axis=0)[1:] for off, rows in joined.items()}
    whole = float(change[()].var())
    parts = {name: whole - float(change[(name,)].var()) for name in PARTS}
    return Budget(whole, parts, float(change[tuple(PARTS)].var()), change[()].size)
