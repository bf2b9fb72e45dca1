"""Draws of parameters and what is said of them: means, intervals, shrinkage and verdicts, by one rule for every method."""

from __future__ import annotations

import numpy as np

from calibration.estimation.prior import Priors
from calibration.estimation.sampling import Draws
from calibration.estimation.simulator import Numbers

EDGE = 0.01
"""A draw lies at the edge of the design within this share of a side; so many draws there at most, or the design moves."""

UNIDENTIFIED = 0.9
"""A parameter is not identified when its posterior standard deviation is above this share of the prior's."""

WEAK = 0.5
"""Weakly identified above this share."""


class Drawn:
    """A posterior as draws, however it was found.

    Attributes:
        priors: what was believed before.
        draws: and how they mix.
        observed: moments.
        edge: for each parameter, the share of draws at an edge of the design that is no bound of the prior.
        data_covariance: noise of the data that runs lack; None for none.
    """

    priors: Priors
    draws: Draws
    observed: Numbers
    edge: Numbers
    data_covariance: Numbers | None

    @property
    def values(self) -> Numbers:
        """Draws, one row each."""
        return self.draws.values

    @property
    def mean(self) -> Numbers:
        """Posterior means."""
        return np.asarray(self.values.mean(axis=0))

    @property
    def spread(self) -> Numbers:
        """Posterior standard deviations."""
        return np.asarray(self.values.std(axis=0))

    def interval(self, level: float = 0.9) -> Numbers:
        """Return the ends of the central interval of each parameter, one row each."""
        return np.quantile(self.values, [(1 - level) / 2, (1 + level) / 2], axis=0).T

    @property
    def shrinkage(self) -> Numbers:
        """One less the posterior over the prior variance: 0 the data said nothing, 1 they said all."""
        return np.asarray(1 - (self.spread / self.priors.spreads) ** 2)

    def verdicts(self) -> dict[str, str]:
        """Return for each parameter whether the data told it: ``identified``, ``weakly identified`` or ``not identified``.

        One with many draws at the edge of the design is ``design too small``: its spread is that of the box.
        """
        shares = self.spread / self.priors.spreads
        told = np.select(
            [self.edge > EDGE, shares > UNIDENTIFIED, shares > WEAK],
            ["design too small", "not identified", "weakly identified"],
            "identified",
        )
        return dict(zip(self.priors.names, map(str, told), strict=True))


def table(posterior: Drawn, level: float = 0.9) -> list[dict[str, object]]:
    """Return one row for each parameter: prior, posterior, shrinkage and verdict."""
    intervals, verdicts = posterior.interval(level), posterior.verdicts()
    return [
        {
            "parameter": prior.name,
            "unit": prior.unit,
            "prior_median": float(prior.quantile(0.5)),
            "prior_sd": prior.spread,
            "mean": float(posterior.mean[place]),
            "sd": float(posterior.spread[place]),
            "low": float(intervals[place, 0]),
            "high": float(intervals[place, 1]),
            "shrinkage": float(posterior.shrinkage[place]),
            "edge": float(posterior.edge[place]),
            "verdict": verdicts[prior.name],
            "prior_assumed": prior.assumed,
        }
        for place, prior in enumerate(posterior.priors.each)
    ]


def data_noise(covariance: Numbers | None, count: int, size: int, rng: np.random.Generator) -> Numbers:
    """Return noise that only data have, one row each: what the likelihood adds to a run; zeros where it adds none."""
    if covariance is None:
        return np.zeros((count, size))
    return rng.multivariate_normal(np.zeros(size), covariance, size=count, method="cholesky")
