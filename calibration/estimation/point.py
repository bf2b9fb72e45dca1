"""A point estimate with everything that has to be printed beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.estimation.prior import Priors
from calibration.estimation.simulator import Flags, Numbers

WORST_FIT = 2.0
"""A moment does not fit when its residual is larger than this many standard errors of the residual."""


@dataclass(frozen=True)
class Point:
    """A point estimate with everything that has to be printed beside it.

    Attributes:
        parameters: names.
        theta: estimates, in the parameters' units.
        errors: standard errors; infinite along what the moments do not identify.
        covariance: of the estimates.
        at_bound: which estimates lie at a bound of their prior; their standard errors mean little.
        moments: names of the moments.
        observed, simulated: of each moment; simulated at the estimate.
        misfit: residual over its own standard error, for each moment.
        j: overidentification statistic; NaN when there are no more moments than parameters.
        degrees: its degrees of freedom.
        p: its p-value.
        singular: singular values of the whitened Jacobian per range of the parameters, largest first.
        directions: one row for each, the direction in ranges of the parameters.
        jacobian: change of each moment per unit of each parameter.
        sensitivity: change of each estimate in its standard errors when a moment rises by one of its own.
        moment_covariance: that the weights stand on: the data's times 1 + 1/R, or the data's plus the simulator's over R.
        seeds: of the replicates.
        runs: simulator runs used.
        converged: whether the search stopped by itself.
    """

    parameters: tuple[str, ...]
    theta: Numbers
    errors: Numbers
    covariance: Numbers
    at_bound: Flags
    moments: tuple[str, ...]
    observed: Numbers
    simulated: Numbers
    misfit: Numbers
    j: float
    degrees: int
    p: float
    singular: Numbers
    directions: Numbers
    jacobian: Numbers
    sensitivity: Numbers
    moment_covariance: Numbers
    seeds: tuple[int, ...]
    runs: int
    converged: bool

    @property
    def not_fitting(self) -> tuple[str, ...]:
        """Names of the moments that do not fit, the worst first."""
        order = np.argsort(-np.abs(self.misfit))
        return tuple(self.moments[place] for place in order if abs(self.misfit[place]) > WORST_FIT)

    def weak_directions(self, priors: Priors) -> list[tuple[float, str]]:
        """Return directions along which the data say less than the prior: standard error over the prior's, and what moves."""
        told = []
        width = priors.upper - priors.lower
        for value, direction in zip(self.singular, self.directions, strict=True):
            prior_spread = np.sqrt(np.sum((direction * priors.spreads / width) ** 2))
            ratio = np.inf if value <= 0 else 1 / (value * prior_spread)
            if ratio > 1:
                told.append((float(ratio), _direction(direction, self.parameters)))
        return told


def _direction(direction: Numbers, names: Sequence[str]) -> str:
    """Say a direction by its heaviest parameters."""
    heavy = [place for place in np.argsort(-np.abs(direction)) if abs(direction[place]) > 0.3]
    return ", ".join(f"{direction[place]:+.2f} {names[place]}" for place in heavy)
