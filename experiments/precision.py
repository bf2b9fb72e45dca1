"""How many replications an interval needs: the paired differences of one outcome, made as narrow as asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from experiments.intervals import student_quantile
from experiments.quantities import Quantity
from experiments.results import Numbers, Results
from experiments.sweep import horizon_mean

FIRST = 4
"""Replications made before anything is estimated."""
GROWTH = 4
"""Replications grow by this factor at most from one look to the next: an early guess of the spread is a poor one."""


@dataclass(frozen=True)
class Width:
    """How narrow the widest paired interval is.

    Attributes:
        policy: the policy whose difference from the base has the widest 95% interval; the only one where there is one.
        half: half of that interval, in the unit of the outcome.
        replications: how many it rests on.
        needed: how many it is thought to need.
    """

    policy: str
    half: float
    replications: int
    needed: int


def paired(results: Results, outcome: Quantity) -> dict[str, Numbers]:
    """Return each policy's outcome minus the base's by repetition; the outcome itself where there is one policy."""
    values = horizon_mean(results, outcome)
    if len(results.study.policies) == 1:
        return {results.study.policies[0]: values[0]}
    base = results.place_of(results.study.base)
    return {policy: values[place] - values[base] for place, policy in enumerate(results.study.policies) if place != base}


def widest(results: Results, outcome: Quantity, target: float) -> Width:
    """Return the widest interval of an outcome and how many replications would make it as narrow as wanted.

    Args:
        results: stored results of at least two replications.
        outcome: the outcome, averaged over the years of the horizon.
        target: half of the interval wanted, in the outcome's unit.
    """
    found = [_width(policy, values, target) for policy, values in paired(results, outcome).items()]
    return max(found, key=lambda width: width.half)


def _width(policy: str, values: Numbers, target: float) -> Width:
    """Return the width of one interval."""
    sample = values[~np.isnan(values)]
    count = len(sample)
    spread = float(sample.std(ddof=1)) if count > 1 else math.nan
    half = student_quantile(count - 1) * spread / math.sqrt(count)
    return Width(policy, half, count, replications_for(spread, target))


def replications_for(spread: float, target: float) -> int:
    """Return the least number of replications whose 95% interval has half the wanted width.

    Args:
        spread: standard deviation of one replication's value.
        target: half of the interval wanted.
    """
    if spread == 0:
        return 2
    count = max(2, math.ceil((1.959963984540054 * spread / target) ** 2))
    while student_quantile(count - 1) * spread / math.sqrt(count) > target:
        count += 1
    return count


def next_replications(width: Width, target: float, most: int) -> int:
    """Return how many replications to make next: all that are thought needed, but no wild leap; 0 when done or at the limit."""
    if width.half <= target or width.replications >= most:
        return 0
    return min(most, max(width.replications + 1, min(width.needed, width.replications * GROWTH)))
