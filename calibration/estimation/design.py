"""Where runs are made: boxes of parameters, and points that fill them evenly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from calibration.estimation.prior import Priors
from calibration.estimation.simulator import Flags, Numbers


@dataclass(frozen=True)
class Box:
    """Where a design lies, in the parameters' units.

    Attributes:
        lower, upper: ends for each parameter.
    """

    lower: Numbers
    upper: Numbers

    @property
    def width(self) -> Numbers:
        """Length of each side."""
        return np.asarray(self.upper - self.lower)

    def scaled(self, thetas: ArrayLike) -> Numbers:
        """Return points on a scale from -1 to 1."""
        points = np.atleast_2d(np.asarray(thetas, dtype=np.float64))
        return np.asarray(2 * (points - self.lower) / self.width - 1)

    def holds(self, thetas: ArrayLike) -> Flags:
        """Return which points lie inside."""
        points = np.atleast_2d(np.asarray(thetas, dtype=np.float64))
        return np.asarray(((points >= self.lower) & (points <= self.upper)).all(axis=1))

    def design(self, count: int, seed: int) -> Numbers:
        """Return points of a shifted Sobol sequence; their number is the next power of two."""
        return np.asarray(self.lower + sobol(len(self.lower), count, seed) * self.width)


def sobol(size: int, count: int, seed: int) -> Numbers:
    """Return points between 0 and 1 that fill the space evenly; their number is the next power of two.

    The sequence is shifted by a random amount, modulo one: its scrambling differs between versions of scipy.
    """
    points = stats.qmc.Sobol(size, scramble=False).random_base2(max(1, int(count) - 1).bit_length())
    return np.asarray((points + np.random.default_rng(seed).random(size)) % 1.0)


def box_around(centre: Numbers, reach: Numbers, priors: Priors) -> Box:
    """Return the box of ``centre`` plus and minus ``reach``, cut at the priors' bounds, and never a line."""
    least = 0.02 * (priors.upper - priors.lower)
    reach = np.maximum(np.where(np.isfinite(reach), reach, np.inf), least)
    return Box(np.maximum(centre - reach, priors.lower), np.minimum(centre + reach, priors.upper))
