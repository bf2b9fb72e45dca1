"""Calibration of the county to measured moments: what a county can give, a point estimate, a posterior, and their diagnostics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from calibration.counties import CountySimulator, why_not_simulated
from calibration.estimation.checks import Check, check_posterior
from calibration.estimation.design import sobol
from calibration.estimation.point import Point
from calibration.estimation.posterior import Plan, Posterior, design_size, find_posterior
from calibration.estimation.predictive import Predictive, predict
from calibration.estimation.prior import Priors
from calibration.estimation.sampling import Sampling
from calibration.estimation.simulated_moments import Search, estimate_point
from calibration.estimation.simulator import EstimationError, Stage, seeds_of, unsaid
from calibration.moments.measured import Measured

METHODS = ("posterior", "msm")
"""``posterior``: point estimate, then draws. ``msm``: the point estimate alone."""
TRIED = 8
"""Points over the priors at which is looked which moments a county can give, beside the medians."""
STREAM = 90
"""Stream of their seeds."""
SEARCHED = 18
"""Points that a search looks at for each parameter, its last slopes among them: about, for what is told of the time left."""


@dataclass(frozen=True)
class Effort:
    """How much to run.

    Attributes:
        method: one of `METHODS`.
        replicates: runs at each point of the search.
        points: points of each design of the posterior, raised to a power of two and to what the surface needs.
        sets: pseudo data sets that the posterior is checked on; 0 for none.
        seed: root of all seeds.
    """

    method: str = "posterior"
    replicates: int = 4
    points: int = 256
    sets: int = 0
    seed: int = 1

    @property
    def plan(self) -> Plan:
        """How much to run for a posterior: an eighth of a design tells noise from misfit, 64 runs at most."""
        pilot = min(64, max(8, self.points // 8))
        return Plan(self.points, self.points, pilot, sampling=Sampling(seed=self.seed), seed=self.seed)

    def expected(self, parameters: int, moments: int) -> dict[str, int]:
        """Return about how many runs each stage takes: a search moves some steps, a posterior two designs or more."""
        found = {"look": 1 + TRIED, "search": SEARCHED * self.replicates * parameters}
        if self.method == "posterior":
            each = design_size(self.points, parameters, moments)
            found |= {"pilot": self.plan.replicates, "design": 2 * each, "check": self.sets}
        return found


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
        ratio: sampling variance of a run's households over that of the survey, the median of the moments (`run_noise`).
        check: what pseudo data sets said of the intervals, or None.
        runs: runs that were asked for.
        made: those that were made now.
    """

    measured: Measured
    dropped: dict[str, str]
    priors: Priors
    point: Point
    posterior: Posterior | None
    predictive: Predictive | None
    ratio: float
    check: Check | None
    runs: int
    made: int

    @property
    def beyond(self) -> float:
        """Share of the survey's covariance that the runs' own noise does not stand for already."""
        return float(np.clip(1.0 - self.ratio, 0.0, 1.0))


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


def run_noise(measured: Measured, simulator: CountySimulator, point: Point) -> float:
    """Return the sampling variance of a run's households over that of the survey: what of the latter need not be added to a run.

    A run differs from the next by the county's luck and by that of its households. The latter is what a survey's covariance
    holds: a run of as many households as were asked needs none of it added, one of very many households all of it. How much
    the simulated panel has is worked out as for the data, from its own replicates; the median over moments counts.
    """
    own = simulator.errors(point.theta, point.seeds[0], measured)
    return float(np.nanmedian((own / measured.errors) ** 2))


def calibrate(
    simulator: CountySimulator, measured: Measured, priors: Priors, effort: Effort, stage: Stage = unsaid
) -> Calibration:
    """Fit parameters to measured moments.

    The data are one county's luck and a sample of it. The likelihood has the noise of a run, and of the survey's covariance what
    a run's noise does not hold already (`run_noise`). Where the simulated county has fewer households than the survey,
    intervals are too wide.

    Args:
        simulator: of all measured moments.
        measured: of the data.
        priors: of the simulator's parameters, in its order.
        effort: how much to run.
        stage: told what comes next.

    Raises:
        EstimationError: when runs fail or fewer moments than parameters are left.
    """
    stage("look", 1 + TRIED)
    shares = np.vstack([np.full(len(priors.each), 0.5), sobol(len(priors.each), TRIED, effort.seed)])
    lost = why_not_simulated(simulator, priors.at(shares), seeds_of(effort.seed, len(shares), STREAM))
    kept = [name for name in measured.names if name not in lost]
    if len(kept) < len(priors.each):
        told = "; ".join(f"{name}: {why}" for name, why in {**measured.unavailable, **lost}.items())
        raise EstimationError(f"{len(kept)} moments for {len(priors.each)} parameters: at least as many. Left out: {told}")
    measured, simulator = only(measured, kept), simulator.measuring(kept)
    search = Search(replicates=effort.replicates, seed=effort.seed)
    stage("search", effort.expected(len(priors.each), len(kept))["search"])
    point = estimate_point(simulator, measured.target(), priors, search)
    posterior = predictive = check = None
    ratio = run_noise(measured, simulator, point)
    if effort.method == "posterior":
        extra = (1.0 - ratio) * measured.covariance if ratio < 1.0 else None
        posterior = find_posterior(simulator, point, priors, effort.plan, extra, stage=stage)
        predictive = predict(posterior, seed=effort.seed)
    if posterior and effort.sets:
        check = check_posterior(simulator, posterior, effort.sets, effort.seed, stage=stage)
    dropped = {**measured.unavailable, **lost}
    return Calibration(
        measured, dropped, priors, point, posterior, predictive, ratio, check, len(simulator.asked), simulator.made
    )
