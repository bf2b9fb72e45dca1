"""Probabilities over replications: their intervals, and a traffic light that may say that nobody can tell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from experiments.intervals import CONFIDENCE
from experiments.labels import Label
from experiments.results import Results
from experiments.targets import Chance

SURE = 0.9
"""A goal that holds with at least this probability is green (a choice, no fact)."""
EVEN = 0.5
"""A goal that holds with at most this probability is red (a choice, no fact)."""

GREEN, AMBER, RED, UNSURE = "green", "amber", "red", "cannot tell"
Flags = NDArray[np.float64]


def jeffreys(times: float, runs: float) -> tuple[float, float]:
    """Return the ends of the 95% Jeffreys interval of a probability (Brown, Cai and DasGupta 2001): 0 or 1 where all agree."""
    from scipy.special import betaincinv

    tail = (1 - CONFIDENCE) / 2
    low = 0.0 if times <= 0 else float(betaincinv(times + 0.5, runs - times + 0.5, tail))
    high = 1.0 if times >= runs else float(betaincinv(times + 0.5, runs - times + 0.5, 1 - tail))
    return low, high


def chance_of(flags: Flags, independent: int = 0) -> Chance | None:
    """Return how often a statement held; None where nothing can be said in any run.

    Args:
        flags: 1 where it held, 0 where not, NaN where nothing can be said, one for each repetition.
        independent: how many of the repetitions are independent of each other, where it is fewer than all; 0 for all.
    """
    known = flags[~np.isnan(flags)]
    if not len(known):
        return None
    share, counted = float(known.mean()), float(min(independent or len(known), len(known)))
    return Chance(share, *jeffreys(share * counted, counted), len(known))


def light_of(chance: Chance | None) -> str:
    """Return the light: the whole interval must lie in one zone, else nobody can tell.

    Green: at least `SURE`. Red: at most `EVEN`. Amber: between the two.
    """
    if chance is None:
        return UNSURE
    if chance.low >= SURE:
        return GREEN
    if chance.high <= EVEN:
        return RED
    return AMBER if chance.low > EVEN and chance.high < SURE else UNSURE


def runs_for_green() -> int:
    """Return how many replications it takes at least to show green: all of them must hold the goal."""
    return next(runs for runs in range(1, 10_000) if jeffreys(runs, runs)[0] >= SURE)


def below(values: Flags, threshold: float) -> Flags:
    """Return 1 where a value lies below a threshold, 0 where not, NaN where there is none."""
    return np.where(np.isnan(values), np.nan, (values < threshold).astype(np.float64))


def jointly(flags: Sequence[Flags]) -> Flags:
    """Return 1 where all statements hold of which something can be said, 0 where one does not, NaN where nothing can be said."""
    stacked = np.stack(flags)
    held = np.nan_to_num(stacked, nan=1.0).all(axis=0).astype(np.float64)
    return np.where(np.isnan(stacked).all(axis=0), np.nan, held)


def independent_repeats(results: Results) -> int:
    """Return how many repetitions are independent: all, or one for each parameter draw where draws are crossed with luck."""
    draws = {draw for draw, _ in results.replications}
    return len(draws) if 1 < len(draws) < len(results.replications) else len(results.replications)


def contains(results: Results) -> Label:
    """Return what spreads over the repetitions, and so what a probability contains."""
    count = len(results.replications)
    draws = len({draw for draw, _ in results.replications})
    if draws > 1:
        return Label(
            f"{count}次重复，{draws}组参数；概率含随机波动与参数不确定性",
            f"{count} repetitions, {draws} parameter draws: probabilities contain random draws and parameter uncertainty",
        )
    return Label(
        f"{count}次重复；概率只含随机波动，不含参数不确定性",
        f"{count} replications: probabilities contain random draws only, no parameter uncertainty",
    )
