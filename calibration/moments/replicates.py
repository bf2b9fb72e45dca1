"""Replicate weights of a stratified cluster sample: every moment is measured again with them, and their spread is its error.

*Bootstrap*: Rao, Wu and Yue (1992), "Some Recent Work on Resampling Methods for Complex Surveys", Survey Methodology 18(2): in
each stratum one unit fewer than there are is drawn with replacement. *Jackknife*: each unit is left out in turn (JKn; Wolter
2007, Introduction to Variance Estimation, Springer, ch. 4); for means and ratios it is close to linearisation. Both take
sampling units as drawn with replacement, which is on the safe side where many of them were drawn.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from calibration.moments.weighted import Numbers

METHODS = ("bootstrap", "jackknife")


class Replicates(NamedTuple):
    """Factors on the weights.

    Attributes:
        factors: one row a replicate, one column a sampling unit.
        scales: what the squared deviation of each replicate counts.
        centred: whether deviations are from the mean of the replicates of its own stratum's scale (bootstrap: from their mean).
        collapsed: strata of a single unit that were put together with another one.
    """

    factors: Numbers
    scales: Numbers
    centred: bool
    collapsed: int


def collapse(strata: np.ndarray) -> tuple[np.ndarray, int]:
    """Return strata of which none has a single unit, and how many were put together with a neighbour.

    Raises:
        ValueError: with a single sampling unit in all: then there is no error to be known.
    """
    joined = np.asarray(strata).copy()
    if len(joined) < 2:
        raise ValueError("a single sampling unit: no sampling error can be worked out. Name clusters, or leave them out")
    count = 0
    while True:
        numbers, sizes = np.unique(joined, return_counts=True)
        alone = numbers[sizes == 1]
        if not len(alone):
            return joined, count
        place = int(np.searchsorted(numbers, alone[0]))
        joined[joined == alone[0]] = numbers[place + 1] if place + 1 < len(numbers) else numbers[place - 1]
        count += 1


def replicate(strata: np.ndarray, method: str = "bootstrap", count: int = 200, seed: int = 1) -> Replicates:
    """Return replicate weights.

    Args:
        strata: stratum of each sampling unit.
        method: one of `METHODS`.
        count: of bootstrap replicates; the jackknife has one for each unit.
        seed: of the bootstrap.

    Raises:
        ValueError: on an unknown method, or a single sampling unit.
    """
    if method not in METHODS:
        raise ValueError(f"method '{method}'; allowed: {', '.join(METHODS)}")
    joined, collapsed = collapse(strata)
    made = _bootstrap(joined, count, seed) if method == "bootstrap" else _jackknife(joined)
    return Replicates(*made, method == "bootstrap", collapsed)


def _bootstrap(strata: np.ndarray, count: int, seed: int) -> tuple[Numbers, Numbers]:
    """Return factors and scales of the rescaled bootstrap."""
    rng = np.random.default_rng(seed)
    factors = np.empty((count, len(strata)))
    for stratum in np.unique(strata):
        units = np.flatnonzero(strata == stratum)
        size = len(units)
        drawn = rng.multinomial(size - 1, np.full(size, 1 / size), size=count)
        factors[:, units] = drawn * (size / (size - 1))
    return factors, np.full(count, 1 / (count - 1))


def _jackknife(strata: np.ndarray) -> tuple[Numbers, Numbers]:
    """Return factors and scales of the stratified jackknife."""
    size = np.bincount(strata)[strata].astype(np.float64)
    same = strata[:, None] == strata[None, :]
    factors = np.where(same, (size / (size - 1))[:, None], 1.0)
    np.fill_diagonal(factors, 0.0)
    return factors, (size - 1) / size


def covariance(rows: Numbers, point: Numbers, made: Replicates) -> Numbers:
    """Return the covariance of moments.

    Args:
        rows: moments of each replicate.
        point: with the weights as they are; the jackknife's deviations are from it, the bootstrap's from their mean.
        made: the replicates.
    """
    apart = rows - (rows.mean(axis=0) if made.centred else point)
    return np.asarray((apart * made.scales[:, None]).T @ apart)
