"""What an estimate is to match: observed moments and their covariance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.estimation.simulator import EstimationError, Numbers


@dataclass(frozen=True)
class Target:
    """What is to be matched.

    Attributes:
        names: of the moments.
        values: observed.
        covariance: of the observed values, by the survey's design.
    """

    names: tuple[str, ...]
    values: Numbers
    covariance: Numbers

    def __post_init__(self) -> None:
        """Check shapes, finiteness and that the covariance can be inverted.

        Raises:
            EstimationError: naming the moments that are wrong.
        """
        size = len(self.names)
        if self.values.shape != (size,) or self.covariance.shape != (size, size):
            shapes = f"{self.values.shape} values and a covariance of {self.covariance.shape}"
            raise EstimationError(f"{shapes} for {size} moments: one value for each name, and a square covariance")
        bad = ~np.isfinite(self.values) | ~np.isfinite(self.covariance).all(axis=1) | ~(np.diag(self.covariance) > 0)
        if bad.any():
            names = ", ".join(name for name, wrong in zip(self.names, bad, strict=True) if wrong)
            raise EstimationError(f"moments without a finite value or a positive variance: {names}. Leave them out")
        root(self.covariance, self.names)

    def only(self, names: Sequence[str]) -> Target:
        """Return the part of these moments, in this order."""
        places = [self.names.index(name) for name in names]
        return Target(tuple(names), self.values[places], self.covariance[np.ix_(places, places)])


def root(covariance: Numbers, names: Sequence[str]) -> Numbers:
    """Return the Cholesky root of a covariance, by way of the correlations so that units do not matter.

    Raises:
        EstimationError: naming the moments that others determine.
    """
    scale = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(scale, scale)
    values, vectors = np.linalg.eigh((correlation + correlation.T) / 2)
    if values[0] < 1e-9:
        heavy = np.argsort(-np.abs(vectors[:, 0]))[:4]
        involved = ", ".join(names[place] for place in heavy if abs(vectors[place, 0]) > 0.1)
        raise EstimationError(
            f"the covariance of the moments is singular along {involved}: some follow from the others. Leave one out"
        )
    return np.asarray(scale[:, None] * np.linalg.cholesky(correlation))
