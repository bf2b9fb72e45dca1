"""Which inputs move an outcome: Sobol' indices and Morris' elementary effects with intervals, and the share of luck."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from experiments.design import LUCK_INPUT, Space
from experiments.quantities import Quantity
from experiments.results import Numbers, complete_replications, read_results
from experiments.store import Store
from experiments.study import Plan
from experiments.sweep import horizon_mean

READ_AT_ONCE = 32
"""Repetitions whose counts are in memory at a time."""


@dataclass(frozen=True)
class Effect:
    """What one input does to the outcome.

    Attributes:
        key: the input; `LUCK_INPUT` for everything random.
        total: Sobol: share of the variance that is left while only this input is not known (total index). Morris: mean size of
            the change when it moves (mu*), in the outcome's unit.
        low, high: 95% bootstrap interval of it.
        first: Sobol: share of the variance that goes when this input is known (first-order index). Morris: mean change
            with its sign (mu).
        other: Sobol: half of the interval of `first`. Morris: spread of the changes (sigma): interactions and bends.
        best, worst: the ranks that it may have: inputs whose intervals overlap cannot be told apart.
    """

    key: str
    total: float
    low: float
    high: float
    first: float
    other: float
    best: int = 0
    worst: int = 0


def values_by_repeat(plan: Plan, store: Store, outcome: Quantity) -> Numbers:
    """Return an outcome, mean of the years, by policy and repetition, in the plan's order; few runs are in memory at a time.

    Raises:
        ValueError: if a repetition is not complete.
    """
    complete = set(complete_replications(plan, store))
    missing = [repeat for repeat in plan.repeats if repeat not in complete]
    if missing:
        raise ValueError(f"{len(missing)} of {len(plan.repeats)} points are not complete; `fangpin runs {store.root}` lists them")
    parts = []
    for start in range(0, len(plan.repeats), READ_AT_ONCE):
        chosen = set(plan.repeats[start : start + READ_AT_ONCE])
        tasks = tuple(task for task in plan.tasks if (task.draw, task.replication) in chosen)
        parts.append(horizon_mean(read_results(replace(plan, tasks=tasks), store), outcome))
    return np.concatenate(parts, axis=1)


def analyse(space: Space, method: str, points: NDArray[np.float64], values: Numbers, seed: int) -> list[Effect]:
    """Return the effect of every input, the largest first.

    Args:
        space, method, points: the design.
        values: the outcome at each point.
        seed: seed of the bootstrap.

    Raises:
        ValueError: if the outcome is the same everywhere: nothing can be said.
    """
    if np.ptp(values) == 0:
        raise ValueError("the outcome is the same at every point")
    found = _sobol(space, values, seed) if method == "sobol" else _morris(space, points, values, seed)
    return ranked(sorted(found, key=lambda effect: -effect.total))


def _sobol(space: Space, values: Numbers, seed: int) -> list[Effect]:
    """Return Sobol' indices (Saltelli et al. 2010), intervals by SALib's bootstrap."""
    from SALib.analyze import sobol

    # centred: the estimators lose digits where the mean is large beside the spread
    centred = values - values.mean()
    said = sobol.analyze(space.problem, centred, calc_second_order=False, conf_level=0.95, num_resamples=500, seed=seed)
    rows = zip(space.names, said["ST"], said["ST_conf"], said["S1"], said["S1_conf"], strict=True)
    return [Effect(key, float(st), float(st - c), float(st + c), float(s1), float(c1)) for key, st, c, s1, c1 in rows]


def _morris(space: Space, points: NDArray[np.float64], values: Numbers, seed: int) -> list[Effect]:
    """Return elementary effects (Morris 1991; Campolongo et al. 2007), intervals by SALib's bootstrap."""
    from SALib.analyze import morris

    said = morris.analyze(space.problem, points, values, conf_level=0.95, num_resamples=1000, seed=seed)
    rows = zip(space.names, said["mu_star"], said["mu_star_conf"], said["mu"], said["sigma"], strict=True)
    return [Effect(key, float(m), float(max(0.0, m - c)), float(m + c), float(mu), float(sigma)) for key, m, c, mu, sigma in rows]


def ranked(effects: Sequence[Effect]) -> list[Effect]:
    """Return effects with the ranks that each may have, given what their intervals leave open."""
    found = []
    for effect in effects:
        above = sum(other.low > effect.high for other in effects)
        below = sum(other.high < effect.low for other in effects)
        found.append(replace(effect, best=1 + above, worst=len(effects) - below))
    return found


def is_ranking(effects: Sequence[Effect]) -> bool:
    """Return whether every input has one rank: no two intervals of neighbours overlap."""
    return all(effect.best == effect.worst for effect in effects)


def luck_share(effects: Sequence[Effect]) -> tuple[float, float, float]:
    """Return the share of the variance that luck has a part in, with its interval, cut to 0 and 1 (Sobol only).

    The rest of it, one minus this share, is what parameters and levers alone do: the part of a policy difference that is
    prior-driven.
    """
    luck = next(effect for effect in effects if effect.key == LUCK_INPUT)
    return tuple(min(1.0, max(0.0, value)) for value in (luck.total, luck.low, luck.high))  # type: ignore[return-value]


def same_sign(values: Numbers) -> float:
    """Return the share of points where a difference has the sign of its mean; NaN where the mean is zero."""
    mean = float(values.mean())
    return math.nan if mean == 0 else float(np.mean(np.sign(values) == np.sign(mean)))


HEADER = ("outcome", "policy", "base", "method", "input", "total", "low95", "high95", "first", "other", "rank_best", "rank_worst")


def effect_cells(effect: Effect, outcome: str, policy: str, base: str, method: str) -> tuple[object, ...]:
    """Return an effect as a row of ``tables/sensitivity.csv``."""
    from experiments.tables import plain

    numbers = (effect.total, effect.low, effect.high, effect.first, effect.other)
    return (outcome, policy, base, method, effect.key, *(plain(number) for number in numbers), effect.best, effect.worst)
