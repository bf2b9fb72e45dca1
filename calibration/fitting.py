"""Calibration of the county to measured moments: what a county can give, a point estimate, a posterior, and their diagnostics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from calibration.counties import CountySimulator, why_not_simulated
from calibration.estimation.design import sobol
from calibration.estimation.point import Point
from calibration.estimation.posterior import Plan, Posterior, find_posterior
from calibration.estimation.predictive import Predictive, predict
from calibration.estimation.prior import Priors
from calibration.estimation.sampling import Sampling
from calibration.estimation.simulated_moments import Search, estimate_point
from calibration.estimation.simulator import EstimationError, seeds_of
from calibration.moments.measured import Measured

METHODS = ("posterior", "msm")
"""``posterior``: point estimate, then draws. ``msm``: the point estimate alone."""
TRIED = 8
"""Points over the priors at which is looked which moments a county can give, beside the medians."""
STREAM = 90
"""Stream of their seeds."""


@dataclass(frozen=True)
class Effort:
    """How much to run.

    Attributes:
        method: one of `METHODS`.
        replicates: runs at each point of the search.
        points: points of each design of the posterior, raised to a power of two and to what the surface needs.
        seed: root of all seeds.
    """

    method: str = "posterior"
    replicates: int = 4
    points: int = 256
    seed: int = 1

    @property
    def plan(self) -> Plan:
        """How much to run for a posterior: an eighth of a design tells noise from misfit, 64 runs at most."""
        pilot = min(64, max(8, self.points // 8))
        return Plan(self.points, self.points, pilot, sampling=Sampling(seed=self.seed), seed=self.seed)


@dataclass(frozen=True)
class Calibration:
    """What came out.

    Attributes:
        measured: the moments that were matched.
        dropped: why each moment that was asked for was not: the data or the county cannot give it.
        priors: of the parameters.
        point: estimate by simulated moments.
        posterior: draws, or None.
        predictive: what the posterior leads one to expect of each moment, or None.
        runs: runs that were asked for.
        made: those that were made now.
    """

    measured: Measured
    dropped: dict[str, str]
    priors: Priors
    point: Point
    posterior: Posterior | None
    predictive: Predictive | None
    runs: int
    made: int


def only(measured: Measured, names: Sequence[str]) -> Measured:
    """Return the part of measured moments, in this order."""
    places = [measured.names.index(name) for name in names]
    return replace(
        measured,
        moments=tuple(measured.moments[place] for place in places),
        values=measured.values[places],
        covariance=measured.covariance[np.ix_(places, places)],
        counts=tuple(measured.counts[place] for place in places),
    )


def calibrate(simulator: CountySimulator, measured: Measured, priors: Priors, effort: Effort) -> Calibration:
    """Fit parameters to measured moments.

    The data are one county's luck and a sample of it: the likelihood has the noise of a run and the covariance of the survey, so
    intervals are rather too wide where the simulated county is small, never too narrow for it.

    Args:
        simulator: of all measured moments.
        measured: of the data.
        priors: of the simulator's parameters, in its order.
        effort: how much to run.

    Raises:
        EstimationError: when runs fail or fewer moments than parameters are left.
    """
    shares = np.vstack([np.full(len(priors.each), 0.5), sobol(len(priors.each), TRIED, effort.seed)])
    lost = why_not_simulated(simulator, priors.at(shares), seeds_of(effort.seed, len(shares), STREAM))
    kept = [name for name in measured.names if name not in lost]
    if len(kept) < len(priors.each):
        told = "; ".join(f"{name}: {why}" for name, why in {**measured.unavailable, **lost}.items())
        raise EstimationError(f"{len(kept)} moments for {len(priors.each)} parameters: at least as many. Left out: {told}")
    measured, simulator = only(measured, kept), simulator.measuring(kept)
    search = Search(replicates=effort.replicates, seed=effort.seed)
    point = estimate_point(simulator, measured.target(), priors, search)
    posterior = None
    if effort.method == "posterior":
        posterior = find_posterior(simulator, point, priors, effort.plan, measured.covariance)
    predictive = None if posterior is None else predict(posterior, seed=effort.seed)
    dropped = {**measured.unavailable, **lost}
    return Calibration(measured, dropped, priors, point, posterior, predictive, len(simulator.asked), simulator.made)
