"""A part of the prior: where runs are made, in shares of each parameter's prior."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from calibration.estimation.design import Box
from calibration.estimation.prior import Priors
from calibration.estimation.simulator import Flags, Numbers

CLOSEST = 1e-6
"""Shares are kept so far from 0 and 1: their normal scores are finite."""


@dataclass(frozen=True)
class Region:
    """The prior cut to a box: what is drawn there has its density.

    Attributes:
        priors: of the parameters.
        low, high: shares of each prior that lie below the ends.
        box: the same ends, in the parameters' units.
    """

    priors: Priors
    low: Numbers
    high: Numbers
    box: Box

    @classmethod
    def of(cls, priors: Priors, box: Box) -> Region:
        """Return the prior cut to a box in the parameters' units."""
        ends = [[one.share_below(end[place]) for place, one in enumerate(priors.each)] for end in (box.lower, box.upper)]
        return cls(priors, np.array(ends[0]), np.array(ends[1]), box)

    @classmethod
    def whole(cls, priors: Priors) -> Region:
        """Return the prior, uncut."""
        size = len(priors.each)
        return cls(priors, np.zeros(size), np.ones(size), Box(priors.lower, priors.upper))

    def at(self, shares: ArrayLike) -> Numbers:
        """Return the points of which these shares of the cut prior lie below, one row each."""
        points = self.low + np.atleast_2d(np.asarray(shares, dtype=np.float64)) * (self.high - self.low)
        return np.clip(self.priors.at(points), self.box.lower, self.box.upper)

    def shares(self, thetas: ArrayLike) -> Numbers:
        """Return the share of the cut prior below each value, one row a point."""
        points = np.atleast_2d(np.asarray(thetas, dtype=np.float64))
        columns = [one.shares_below(column) for one, column in zip(self.priors.each, points.T, strict=True)]
        return np.asarray((np.column_stack(columns) - self.low) / (self.high - self.low))

    def scores(self, thetas: ArrayLike) -> Numbers:
        """Return normal scores: the cut prior is standard normal in them, its parameters independent."""
        return np.asarray(special.ndtri(np.clip(self.shares(thetas), CLOSEST, 1 - CLOSEST)))

    def from_scores(self, scores: Numbers) -> Numbers:
        """Return the points with these normal scores; none lies outside."""
        return self.at(special.ndtr(scores))

    def holds(self, thetas: Numbers) -> Flags:
        """Return which points lie inside."""
        return self.box.holds(thetas)
