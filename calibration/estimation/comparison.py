"""Two posteriors of the same data: how far apart they are, and whose intervals held the truth as often as they promise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibration.estimation.checks import Check
from calibration.estimation.drawn import Drawn

FAR = 0.5
"""Means are apart from half a posterior standard deviation on: one end of a 90% interval then misses 13% in the place of 5%."""
WIDER = 1.5
"""Widths are apart from this ratio on, either way: a 90% interval is then one of 73%."""
LIKELY = 1.96
"""Monte-Carlo errors at 95%."""


@dataclass(frozen=True)
class Difference:
    """One parameter under two methods.

    Attributes:
        parameter: its name.
        difference: second mean less first, in standard deviations of the first posterior.
        width: second standard deviation over the first.
    """

    parameter: str
    difference: float
    width: float

    @property
    def apart(self) -> bool:
        """Whether the two disagree."""
        return abs(self.difference) >= FAR or not 1 / WIDER < self.width < WIDER


def differences(first: Drawn, second: Drawn) -> list[Difference]:
    """Return how far two posteriors are apart, parameter by parameter; where the first has no width, the distance is infinite."""
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = (second.mean - first.mean) / first.spread
        width = second.spread / first.spread
    return [Difference(name, float(one), float(two)) for name, one, two in zip(first.priors.names, moved, width, strict=True)]


@dataclass(frozen=True)
class Measured:
    """Coverage of two methods over the same pseudo data sets.

    Attributes:
        level: that was promised.
        first, second: shares of truths held.
        difference: second less first.
        error: its Monte-Carlo error, from sets in pairs.
    """

    level: float
    first: float
    second: float
    difference: float
    error: float

    @property
    def nearer(self) -> str:
        """Which is nearer its promise: ``first``, ``second``, or ``neither`` where the sets cannot tell them apart."""
        gap = abs(self.first - self.level) - abs(self.second - self.level)
        if abs(self.difference) <= LIKELY * self.error or gap == 0.0:
            return "neither"
        return "second" if gap > 0 else "first"


def coverages(first: Check, second: Check, level: float) -> Measured:
    """Compare the coverage of two checks on the same truths.

    Raises:
        ValueError: when the truths differ: shares of other sets are not comparable in pairs.
    """
    if first.truths.shape != second.truths.shape or not np.array_equal(first.truths, second.truths):
        raise ValueError("two checks on other pseudo data sets; allowed: the same truths in the same order")
    one, two = first.inside[level].mean(axis=1), second.inside[level].mean(axis=1)
    moved = two - one
    error = float(moved.std(ddof=1) / np.sqrt(len(moved)))
    return Measured(level, float(one.mean()), float(two.mean()), float(moved.mean()), error)
